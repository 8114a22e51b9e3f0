using FitFlow.ServiceDefaults;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace FitFlow.Gateway;

internal static class Proxy
{
    public static void AddProxy(this WebApplicationBuilder builder) => builder.Services
        .AddReverseProxy()
        .LoadFromMemory([.. Routes.All()], [.. Routes.Clusters(builder.Configuration)])
        .AddTransforms(transforms => transforms.AddRequestTransform(Correlate));

    public static void MapProxy(this WebApplication app) =>
        app.MapReverseProxy(proxy => proxy.Use(SayWhatWentWrong)).ConfigureEndpoints(SayWhoMay);

    private static ValueTask Correlate(RequestTransformContext request)
    {
        request.ProxyRequest.Headers.Remove(Correlation.Header);
        request.ProxyRequest.Headers.Add(Correlation.Header, Correlation.Current!.Id);
        return ValueTask.CompletedTask;
    }

    /// Says what went wrong as everywhere, and whose fault it was; the proxy's own answer is a bare 502.
    private static async Task SayWhatWentWrong(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (http.GetForwarderErrorFeature() is not { } failed || http.Response.HasStarted) return;

        switch (failed.Error)
        {
            // The client has gone, or the request's time is up: whoever cancelled knows which.
            case ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled:
            case not ForwarderError.NoAvailableDestinations when http.RequestAborted.IsCancellationRequested:
                throw new OperationCanceledException(message: null, failed.Exception, http.RequestAborted);

            // Larger than the gateway takes, say: the service's end of it may well be the first to be noticed.
            case var _ when BadRequestIn(failed.Exception) is { } bad:
                throw bad;

            case ForwarderError.RequestBodyClient:
                throw new BadHttpRequestException("The body could not be read.", failed.Exception!);

            default:
                throw new DependencyDownException(http.GetReverseProxyFeature().Cluster.Config.ClusterId, failed.Exception);
        }
    }

    private static BadHttpRequestException? BadRequestIn(Exception? e) =>
        e as BadHttpRequestException ?? (e as AggregateException)?.Flatten().InnerExceptions.OfType<BadHttpRequestException>().FirstOrDefault();

    private static void SayWhoMay(IEndpointConventionBuilder endpoint, RouteConfig route)
    {
        if (Routes.IsPublic(route)) endpoint.Public();
        else endpoint.Allow(Role.Everyone);
    }
}
