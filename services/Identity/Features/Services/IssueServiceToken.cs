using System.ComponentModel.DataAnnotations;
using FitFlow.Identity.Features.Keys;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Services;

/// Client credentials: a service shows its secret and gets the token that says which service it is.
internal static class IssueServiceToken
{
    public sealed record Request([Required, StringLength(64)] string ClientId, [Required, StringLength(256)] string ClientSecret);

    public sealed record Response(string AccessToken, string TokenType, int ExpiresIn);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, ServiceSecrets secrets, AccessTokens tokens, CancellationToken ct)
    {
        switch (secrets.Try(request.ClientId, request.ClientSecret, http.Connection.RemoteIpAddress))
        {
            case ServiceSecrets.Outcome.Right:
                var token = await tokens.ForService(request.ClientId, ct);
                return TypedResults.Ok(new Response(token, "Bearer", (int)AccessTokens.Lifetime.TotalSeconds));

            case ServiceSecrets.Outcome.Wrong:
                return Problems.Unauthorized("services.wrong_secret", "The service or its secret is not right.");

            default:
                http.Response.Headers.RetryAfter = $"{(int)ServiceSecrets.Window.TotalSeconds}";
                return Problems.Of(StatusCodes.Status429TooManyRequests, "too_many_requests", "Too many wrong secrets. Try again later.");
        }
    }
}
