using FitFlow.ServiceDefaults.Telemetry;
using FitFlow.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FitFlow.ServiceDefaults;

/// <summary>What every service is given.</summary>
public static class Defaults
{
    /// <summary>Everything a service needs before it has a line of its own. <paramref name="service"/> is its name among the others.</summary>
    public static WebApplicationBuilder AddFitFlowDefaults(this WebApplicationBuilder builder, string service)
    {
        builder.Services.AddSingleton(new ServiceName(service));
        builder.Services.TryAddSingleton<TimeProvider>(new Clock());
        builder.Services.AddHttpContextAccessor();

        builder.AddConsoleLogs();
        builder.AddTelemetryExport(service);
        builder.AddHttpJson();
        builder.AddLimits();
        builder.AddKnownProxies();
        builder.AddHealth();
        builder.AddAccess();
        builder.AddCalls();
        builder.AddRedis();
        builder.AddDraining();
        builder.AddOpenApiDocument(service);
        builder.Services.AddTransient<IApiDescriptionProvider, RecordParameters>();
        builder.Services.AddSingleton<Cache>();
        builder.Services.AddSingleton<Flags>();
        return builder;
    }

    /// <summary>The pipeline in its one order, and the routes that every service has.</summary>
    public static WebApplication MapFitFlowDefaults(this WebApplication app)
    {
        app.UseKnownProxies();
        app.UseMiddleware<RequestSpan>();
        app.UseMiddleware<RequestCorrelation>();
        app.UseMiddleware<ErrorHandling>();
        app.UseMiddleware<JsonCharset>();
        app.UseRouting();
        app.UseRequestTimeouts();
        app.UseMiddleware<AccessCheck>();

        app.AuditRoutes();
        app.MapHealth();
        app.MapOpenApiDocument();
        return app;
    }
}

/// <summary>The name of the running service, as the others call it.</summary>
public sealed record ServiceName(string Value)
{
    public override string ToString() => Value;
}
