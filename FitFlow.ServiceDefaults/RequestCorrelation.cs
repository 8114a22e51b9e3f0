using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace FitFlow.ServiceDefaults;

/// <summary>Takes the caller's correlation id or makes one, and gives it back on every response.</summary>
internal sealed class RequestCorrelation(RequestDelegate next, TimeProvider clock)
{
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    public Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Headers[Correlation.Header];
        var correlation = given is [{ } value] && IsValid(value) ? new Correlation(value) : Correlation.New(clock);
        var id = correlation.Id;

        Correlation.Begin(correlation);
        context.TraceIdentifier = id;
        Activity.Current?.SetTag("correlation_id", id);

        // As the response starts, since an error clears the headers, and a proxied answer brings its own.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[Correlation.Header] = id;
            return Task.CompletedTask;
        });
        return next(context);
    }

    /// <summary>It goes into logs, headers and rows: short, and of harmless characters only.</summary>
    internal static bool IsValid(string id) => id.Length is > 0 and <= 64 && !id.AsSpan().ContainsAnyExcept(Allowed);
}
