using FitFlow.Gateway.Limits;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.Timeouts;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace FitFlow.Gateway.Routing;

internal static class Proxy
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    public static void AddProxy(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Breakers>();
        builder.Services.AddSingleton<IProxyConfigProvider>(services =>
            new InMemoryConfigProvider([.. Routes.All()], [.. Clusters.All(services.GetRequiredService<IConfiguration>())]));
        builder.Services.AddReverseProxy()
            .ConfigureHttpClient((_, handler) => handler.ConnectTimeout = ConnectTimeout)
            .AddTransforms(transforms =>
            {
                // Ours says who called, and nothing else does.
                transforms.UseDefaultForwarders = false;
                transforms.AddRequestTransform(SayWhoCalled);
            });
    }

    public static void MapProxy(this WebApplication app)
    {
        var breakers = app.Services.GetRequiredService<Breakers>();
        app.MapReverseProxy(proxy =>
        {
            proxy.Use(SayWhatWentWrong);
            proxy.Use(breakers.Guard);
            proxy.Use(OtherReplica.Try);
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        }).ConfigureEndpoints(SayWhoMay);

        foreach (var address in Routes.InsideAddresses) app.Map($"{address}/{{**rest}}", () => Problems.NotFound()).Public().ExcludeFromDescription();
    }

    /// The caller's own fault, found while its body was passed on, or null.
    public static BadHttpRequestException? BadRequestIn(HttpContext http) => BadRequestIn(http.GetForwarderErrorFeature()?.Exception);

    private static ValueTask SayWhoCalled(RequestTransformContext request)
    {
        var headers = request.ProxyRequest.Headers;
        var http = request.HttpContext;
        headers.Remove(Correlation.Header);
        headers.Add(Correlation.Header, Correlation.Current!.Id);
        if (http.Connection.RemoteIpAddress is { } address)
            headers.TryAddWithoutValidation("X-Forwarded-For", (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString());
        headers.TryAddWithoutValidation("X-Forwarded-Proto", http.Request.Scheme);
        return ValueTask.CompletedTask;
    }

    /// Says what went wrong as everywhere, and whose fault it was; the proxy's own answer is a bare 502.
    private static async Task SayWhatWentWrong(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (http.GetForwarderErrorFeature() is not { } failed || http.Response.HasStarted) return;

        var service = http.GetReverseProxyFeature().Cluster.Config.ClusterId;
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

            case ForwarderError.RequestTimedOut:
                http.Response.Clear();
                await Problems.Of(StatusCodes.Status504GatewayTimeout, "timeout", $"{service} took too long. Try again shortly.", ("dependency", service)).ExecuteAsync(http);
                return;

            default:
                throw new DependencyDownException(service, failed.Exception);
        }
    }

    private static BadHttpRequestException? BadRequestIn(Exception? e) =>
        e as BadHttpRequestException ?? (e as AggregateException)?.Flatten().InnerExceptions.OfType<BadHttpRequestException>().FirstOrDefault();

    private static void SayWhoMay(IEndpointConventionBuilder endpoint, RouteConfig route)
    {
        switch (Routes.EntryOf(route))
        {
            case Entry.SignedIn:
                endpoint.Allow(Role.Everyone).WithMetadata(Counted.ByPerson);
                break;
            case Entry.Live:
                endpoint.Allow(Role.Everyone).WithMetadata(Counted.ByPerson, new DisableRequestTimeoutAttribute());
                break;
            case Entry.Public:
                endpoint.Public().WithMetadata(Counted.ByAddress);
                break;
            case Entry.Feed:
                endpoint.Public().WithMetadata(Counted.ByFeed);
                break;
            default:
                endpoint.Public();
                break;
        }
    }
}
