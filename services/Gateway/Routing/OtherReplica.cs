using FitFlow.ServiceDefaults;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace FitFlow.Gateway.Routing;

/// A reading request that reached nobody is tried once more, at another replica. Writing ones are the client's to repeat.
internal static class OtherReplica
{
    public static async Task Try(HttpContext http, RequestDelegate next)
    {
        await next(http);

        var proxy = http.GetReverseProxyFeature();
        if (http.Response.HasStarted || proxy.AllDestinations.Count < 2 || !IsReading(http.Request) || !ReachedNobody(http)) return;

        var tried = proxy.ProxiedDestination;
        DestinationState[] others = [.. proxy.AllDestinations.Where(other => other != tried)];
        http.Features.Set<IForwarderErrorFeature>(null);
        http.Response.Clear();
        proxy.AvailableDestinations = others;
        await next(http);
    }

    private static bool IsReading(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static bool ReachedNobody(HttpContext http) =>
        http.GetForwarderErrorFeature() is { Error: ForwarderError.Request, Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } };
}
