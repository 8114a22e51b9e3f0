using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
    }
}
