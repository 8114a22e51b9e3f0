using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace FitFlow.Scheduling.Tests;

/// Parts of Scheduling in the test's own process, with the same name, secret and Redis as the running one.
internal static class PlayedScheduling
{
    public static async Task<WebApplication> Start(RunningSystem system, Action<WebApplicationBuilder> parts, Action<WebApplication>? routes = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["services:identity:http:0"] = system.Service("identity").ToString();
        builder.Configuration["ConnectionStrings:redis"] = Servers.Redis;
        builder.Configuration["Redis:Timeout"] = "00:00:20";
        builder.Configuration["ServiceTokens:Secret"] = system.ServiceCredentials.Secret;
        builder.Configuration["Logging:LogLevel:Default"] = "None";
        parts(builder);
        builder.AddFitFlowDefaults(RunningSystem.PlayedService);
        var app = builder.Build();
        app.MapFitFlowDefaults();
        routes?.Invoke(app);
        await app.StartAsync();
        return app;
    }
}
