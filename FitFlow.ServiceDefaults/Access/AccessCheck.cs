using FitFlow.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FitFlow.ServiceDefaults;

/// <summary>A signed-in caller was refused. The route is the pattern that matched: it holds nothing that the caller made up.</summary>
public sealed record Denial(string Code, Caller Caller, Guid? Studio, string Method, string Path, string Route);

/// <summary>Told of every refusal of a signed-in caller before it is answered, for the audit log. Register as many as needed.</summary>
public delegate ValueTask OnDenied(Denial denial, CancellationToken ct);

/// <summary>Finds out who calls and whether the route admits them. What is not said to be allowed is not.</summary>
internal sealed class AccessCheck(RequestDelegate next, TokenVerifier verifier, IEnumerable<OnDenied> listeners)
{
    public const string StudioHeader = "X-Studio-Id";

    private readonly OnDenied[] _listeners = [.. listeners];

    public async Task InvokeAsync(HttpContext context)
    {
        // Nothing matched, or routing's own answer to a wrong method or media type: there is nothing to guard.
        if (context.GetEndpoint() is not { } endpoint || IsRoutingsRefusal(endpoint))
        {
            await next(context);
            return;
        }

        var rule = endpoint.Metadata.GetMetadata<AccessRule>() ?? AccessRule.Nothing;
        if (await Refuse(context, rule) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        // Here and not deeper: what is ambient is forgotten when the method that said it returns.
        if (Correlation.Current is { } correlation) Correlation.Begin(correlation with { UserId = Caller.Of(context)?.Token.PersonId });
        await next(context);
    }

    private static bool IsRoutingsRefusal(Endpoint endpoint) =>
        endpoint is { Metadata.Count: 0, DisplayName: "405 HTTP Method Not Supported" or "415 HTTP Unsupported Media Type" }
        && endpoint.GetType() == typeof(Endpoint);

    private async ValueTask<ProblemHttpResult?> Refuse(HttpContext context, AccessRule rule)
    {
        var (token, flaw) = await ReadToken(context, rule);

        if (token is null)
        {
            // An old token does no harm where none is asked for: the app sends it along when it signs in anew.
            if (rule is { IsPublic: true, Flaw: null }) return null;
            context.Response.Headers.WWWAuthenticate = flaw == TokenFlaw.Missing ? "Bearer" : """Bearer error="invalid_token" """.TrimEnd();
            return SayFlaw(flaw);
        }

        Guid? studio = null;
        var isAboutAll = rule.OrAll && token.Role == Role.Admin && context.Request.Headers[StudioHeader].Count == 0;
        if (rule.InStudio && !isAboutAll)
        {
            if (StudioOf(context.Request) is not { } named) return Problems.Invalid(StudioHeader, "names the studio that this is about, by its id", "studios.header_invalid");
            if (context.Request.RouteValues.TryGetValue("studio_id", out var inPath) && !(Guid.TryParseExact(inPath as string, "D", out var id) && id == named))
                return Problems.Invalid(StudioHeader, "names another studio than the path", "studios.header_invalid");
            studio = named;
        }

        var caller = new Caller(token, studio);
        caller.Enter(context);

        if (rule is { IsPublic: true, Flaw: null }) return null;
        if (studio is { } here && !caller.IsService && !caller.IsMemberOf(here) && !caller.Is(rule.Roles & Role.Admin))
            return await Deny(context, caller, here, "studios.not_a_member", "You do not belong to this studio.");
        return rule.Flaw is null && rule.Admits(caller) ? null : await Deny(context, caller, studio, "auth.forbidden", "Your role may not do this.");
    }

    private async ValueTask<(AccessToken? Token, TokenFlaw Flaw)> ReadToken(HttpContext context, AccessRule rule)
    {
        if (BearerToken(context.Request) is not { } text) return (null, TokenFlaw.Missing);
        try
        {
            return await verifier.Verify(text, context.RequestAborted);
        }
        catch (DependencyDownException) when (rule.IsPublic)
        {
            // A public route goes on without knowing who it is.
            return (null, TokenFlaw.Invalid);
        }
    }

    private async Task<ProblemHttpResult> Deny(HttpContext context, Caller caller, Guid? studio, string code, string detail)
    {
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
        var denial = new Denial(code, caller, studio, context.Request.Method, context.Request.Path, route);
        foreach (var listener in _listeners) await listener(denial, context.RequestAborted);
        return Problems.Forbidden(code, detail);
    }

    private static ProblemHttpResult SayFlaw(TokenFlaw flaw) => flaw switch
    {
        TokenFlaw.Missing => Problems.Unauthorized("auth.required"),
        TokenFlaw.Expired => Problems.Unauthorized("auth.token_expired", "The access token has expired."),
        TokenFlaw.Revoked => Problems.Unauthorized("auth.token_revoked", "The session has been ended."),
        _ => Problems.Unauthorized("auth.token_invalid", "The access token is not valid."),
    };

    private static string? BearerToken(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? header["Bearer ".Length..]
            : null;

    private static Guid? StudioOf(HttpRequest request) =>
        request.Headers[StudioHeader] is [{ } header] && Guid.TryParseExact(header, "D", out var studio) && studio != Guid.Empty ? studio : null;
}

internal static class Access
{
    public static void AddAccess(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RouteAudit>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RouteAudit>());
        builder.AddTokens();

        // For what a handler is given besides: handlers bind their own.
        builder.Services.AddScoped(services => Caller.Of(services.GetRequiredService<IHttpContextAccessor>().HttpContext)
            ?? throw new InvalidOperationException("Nobody is signed in here."));
    }
}
