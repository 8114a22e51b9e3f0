using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace FitFlow.Scheduling.Tests;

/// Parts of Scheduling in the test's own process, with the same name, secret and Redis as the running one.
internal static class PlayedScheduling
{
    public static async Task<WebApplication> Start(RunningSystem system, Action<WebApplicationBuilder> parts, Action<WebApplication>? routes = null, Action<WebApplicationBuilder>? after = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configure(
            ("services:identity:http:0", system.Service("identity").ToString()),
            ("ConnectionStrings:redis", Servers.Redis),
            ("Redis:Timeout", "00:00:20"),
            ("ServiceTokens:Secret", system.ServiceCredentials.Secret),
            ("Logging:LogLevel:Default", "None"));
        parts(builder);
        builder.AddFitFlowDefaults(RunningSystem.PlayedService);
        after?.Invoke(builder);
        var app = builder.Build();
        app.MapFitFlowDefaults();
        routes?.Invoke(app);
        await app.StartAsync();
        return app;
    }

    /// Above whatever the environment says, which has the addresses of the running system.
    public static void Configure(this WebApplicationBuilder builder, params (string Name, string Value)[] settings) =>
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
}
