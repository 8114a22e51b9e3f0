using FitFlow.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;

namespace FitFlow.ServiceDefaults;

/// <summary>Makes a problem of every exception and of every error status that came without a body. No stack trace leaves the house.</summary>
internal sealed partial class ErrorHandling(RequestDelegate next, ILogger<ErrorHandling> logger)
{
    private const int RetryAfterSeconds = 5;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone: nobody reads the answer, and nothing is wrong.
            if (!context.Response.HasStarted) context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await Say(context, exception).ExecuteAsync(context);
            return;
        }

        if (HasNothingToSay(context.Response)) await Problems.Plain(context.Response.StatusCode).ExecuteAsync(context);
    }

    private ProblemHttpResult Say(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case DependencyDownException down:
                LogDown(down.Dependency, context.Request.Method, PathOf(context), down);
                context.Response.Headers.RetryAfter = $"{Math.Ceiling(Math.Max(down.RetryAfter?.TotalSeconds ?? RetryAfterSeconds, 1)):0}";
                return Problems.Unavailable(down.Dependency);

            case BadHttpRequestException bad:
                return BadRequests.Say(bad);

            default:
                LogUnhandled(context.Request.Method, PathOf(context), exception);
                return Problems.Plain(StatusCodes.Status500InternalServerError);
        }
    }

    private static string PathOf(HttpContext context) => SecretAddress.Without(context.Request.Path) ?? "";

    private static bool HasNothingToSay(HttpResponse response) =>
        response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null };

    [LoggerMessage(LogLevel.Warning, "{Dependency} does not answer: {Method} {Path} answers 503")]
    private partial void LogDown(string dependency, string method, string path, Exception exception);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private partial void LogUnhandled(string method, string path, Exception exception);
}
