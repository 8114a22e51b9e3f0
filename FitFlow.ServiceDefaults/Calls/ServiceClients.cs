using FitFlow.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FitFlow.ServiceDefaults;

/// <summary>Typed clients for the other services.</summary>
public static class ServiceClients
{
    private static readonly HttpRequestOptionsKey<bool> Repeatable = new("FitFlow.Repeatable");

    /// <summary>
    /// <typeparamref name="TClient"/> gets an <see cref="HttpClient"/> whose base address is the service: balanced, timed, retried, broken when
    /// it has to be, with the caller's token, studio and correlation id; or with this service's own token where nobody is signed in, and
    /// everywhere if it asks <paramref name="asItself"/>: what is kept for all must not depend on who was the first to ask.
    /// </summary>
    public static IHttpClientBuilder AddServiceClient<TClient>(this IServiceCollection services, string service, bool asItself = false) where TClient : class =>
        services.AddHttpClient<TClient>().CallService(service, asItself);

    /// <summary>The same for who has no type of its own for each service: a client by the service's name, from the factory.</summary>
    public static IHttpClientBuilder AddServiceClient(this IServiceCollection services, string service) =>
        services.AddHttpClient(service).CallService(service, asItself: false);

    private static IHttpClientBuilder CallService(this IHttpClientBuilder client, string service, bool asItself) => client
        .ConfigureHttpClient(http =>
        {
            http.BaseAddress = new Uri($"http://{service}");
            http.Timeout = Timeout.InfiniteTimeSpan; // Each attempt has its own.
        })
        .AddHttpMessageHandler(provider => new ResilientCalls(service, provider.GetRequiredService<CallPolicies>()))
        .AddHttpMessageHandler(provider => new Forwarding(
            provider.GetRequiredService<IHttpContextAccessor>(), provider.GetRequiredService<ServiceTokens>(), asItself))
        .AddServiceDiscovery();

    /// <summary>Lets a client say <c>http://identity/…</c>, and no more than that.</summary>
    public static IHttpClientBuilder AddServiceDiscovery(this IHttpClientBuilder client) => client
        .AddHttpMessageHandler(provider => new Balancing(provider.GetRequiredService<ServiceAddresses>()))
        .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
            UseProxy = false,
        })
        .RemoveAllLoggers();

    /// <summary>Says of a POST that it only reads (a query too long for an address), so that it may be tried again.</summary>
    public static HttpRequestMessage OnlyReads(this HttpRequestMessage request)
    {
        request.Options.Set(Repeatable, value: true);
        return request;
    }

    internal static bool MayRepeat(this HttpRequestMessage request) =>
        request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Options
        || request.Method == HttpMethod.Put || request.Method == HttpMethod.Delete
        || (request.Options.TryGetValue(Repeatable, out var repeatable) && repeatable);

    internal static void AddCalls(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(builder.Configuration.GetSection("Calls").Get<CallOptions>() ?? new CallOptions());
        builder.Services.AddSingleton<ServiceAddresses>();
        builder.Services.AddHostedService<AddressAudit>();
        builder.Services.AddSingleton<CallPolicies>();
    }
}
