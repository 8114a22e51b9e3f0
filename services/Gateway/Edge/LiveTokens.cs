using FitFlow.Gateway.Routing;
using Microsoft.AspNetCore.Http.Features;

namespace FitFlow.Gateway.Edge;

/// A browser cannot set headers on a WebSocket: there, and only there, the token may come in the query. It becomes the header that it should
/// have been before anybody writes the address down.
internal sealed class LiveTokens(RequestDelegate next)
{
    private const string Parameter = "access_token";

    public Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.QueryString.HasValue && request.Query.ContainsKey(Parameter)) Move(http);
        return next(http);
    }

    private static void Move(HttpContext http)
    {
        var request = http.Request;
        var tokens = request.Query[Parameter];
        var others = request.Query.Where(pair => !pair.Key.Equals(Parameter, StringComparison.OrdinalIgnoreCase)).ToList();

        // Nobody is signed in by an address elsewhere, but what looks like a token goes no further either.
        request.QueryString = QueryString.Create(others);
        var raw = http.Features.GetRequiredFeature<IHttpRequestFeature>();
        var query = raw.RawTarget.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0) raw.RawTarget = raw.RawTarget[..query] + request.QueryString.Value;

        if (tokens is [{ Length: > 0 } token] && request.Headers.Authorization.Count == 0
            && Routes.IsLive(request.Path) && http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true })
        {
            request.Headers.Authorization = $"Bearer {token}";
        }
    }
}
