using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace FitFlow.ServiceDefaults.Tokens;

internal static class TokenSetup
{
    /// <summary>A service that has keys of its own (Identity) registers its <see cref="IKeySource"/>, before or after: it is the one used.</summary>
    public static void AddTokens(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(builder.Configuration.GetSection("Tokens").Get<TokenOptions>() ?? new TokenOptions());
        builder.Services.AddHttpClient(nameof(RemoteKeys)).AddServiceDiscovery();
        builder.Services.TryAddSingleton<IKeySource>(services => new RemoteKeys(
            () => services.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(RemoteKeys)),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<RemoteKeys>>()));
        builder.Services.AddSingleton<TokenVerifier>();
        builder.AddServiceTokens();
        builder.AddDenials();
    }

    private static void AddServiceTokens(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(nameof(ServiceTokens)).AddServiceDiscovery();
        builder.Services.AddSingleton(services => new ServiceTokens(
            services.GetRequiredService<ServiceName>(),
            services.GetRequiredService<IConfiguration>()["ServiceTokens:Secret"],
            () => services.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(ServiceTokens)),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<ServiceTokens>>()));
    }

    /// <summary>A service that has the truth (Identity) registers its <see cref="IDenials"/>: it is the one used.</summary>
    private static void AddDenials(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DenyList>();
        builder.Services.AddSingleton<IsRevoked>(services => services.GetRequiredService<DenyList>().Denies);
        builder.Services.AddHttpClient(nameof(RemoteDenials)).AddServiceDiscovery();
        builder.Services.TryAddSingleton<IDenials>(services => new RemoteDenials(
            () => services.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(RemoteDenials)),
            services.GetRequiredService<ServiceTokens>(),
            services.GetRequiredService<ServiceAddresses>()));
        builder.Services.AddSingleton(services => new DenialFeed(
            services.GetRequiredService<IDenials>(),
            services.GetRequiredService<DenyList>(),
            services.GetRequiredService<Redis>,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<DenialFeed>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<DenialFeed>());
        builder.Services.AddHealthChecks().AddCheck<DenialFeed>("denials", HealthStatus.Degraded, [Health.Ready]);
    }
}
