using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace FitFlow.ServiceDefaults;

/// <summary>The other service sees who is calling, in which studio, and as part of what.</summary>
internal sealed class Forwarding(IHttpContextAccessor accessor) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The same request comes by once per attempt: what it has, it has.
        if (Correlation.Current is { } correlation && !request.Headers.Contains(Correlation.Header))
            request.Headers.TryAddWithoutValidation(Correlation.Header, correlation.Id);

        // Only a token that was found good here, and never over one that the client has set itself.
        if (accessor.HttpContext is { } context && Caller.Of(context) is not null)
        {
            if (request.Headers.Authorization is null && AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var token))
                request.Headers.Authorization = token;
            if (!request.Headers.Contains(AccessCheck.StudioHeader) && context.Request.Headers[AccessCheck.StudioHeader] is [{ } studio])
                request.Headers.TryAddWithoutValidation(AccessCheck.StudioHeader, studio);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
