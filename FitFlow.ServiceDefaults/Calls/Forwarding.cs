using System.Net;
using System.Net.Http.Headers;
using FitFlow.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Http;

namespace FitFlow.ServiceDefaults;

/// <summary>
/// The other service sees who is calling, in which studio, and as part of what. When nobody is signed in (a reaction, a reminder, a public route) it
/// is this service that calls; with <paramref name="asItself"/> it is this service always, and the studio is the client's to say.
/// </summary>
internal sealed class Forwarding(IHttpContextAccessor accessor, ServiceTokens tokens, bool asItself) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The same request comes by once per attempt: what it has, it has.
        if (Correlation.Current is { } correlation && !request.Headers.Contains(Correlation.Header))
            request.Headers.TryAddWithoutValidation(Correlation.Header, correlation.Id);

        // Only a token that was found good here, and never over one that the client has set itself.
        if (!asItself && accessor.HttpContext is { } context && Caller.Of(context) is not null)
        {
            if (request.Headers.Authorization is null && AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var token))
                request.Headers.Authorization = token;
            if (!request.Headers.Contains(AccessCheck.StudioHeader) && context.Request.Headers[AccessCheck.StudioHeader] is [{ } studio])
                request.Headers.TryAddWithoutValidation(AccessCheck.StudioHeader, studio);
        }

        return request.Headers.Authorization is null && tokens.CanBeHad
            ? await SendAsThisService(request, cancellationToken)
            : await base.SendAsync(request, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsThisService(HttpRequestMessage request, CancellationToken ct)
    {
        var token = await tokens.Get(ct);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            var response = await base.SendAsync(request, ct);
            // The key that signed it may have been withdrawn.
            if (response.StatusCode == HttpStatusCode.Unauthorized) tokens.Forget(token);
            return response;
        }
        finally
        {
            // The next attempt may need another.
            request.Headers.Authorization = null;
        }
    }
}
