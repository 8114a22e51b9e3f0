using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace FitFlow.ServiceDefaults;

/// <summary>
/// Asked to stop, a service first says that it is not ready, then goes on serving for <c>Shutdown:Delay</c> (none by default: whoever balances
/// by readiness sets as much as it takes to notice), then takes no more and finishes what is in flight, for <c>Shutdown:Limit</c> at most.
/// </summary>
internal sealed class Draining(IHostApplicationLifetime lifetime, IConfiguration configuration) : LifecycleService, IHealthCheck
{
    private volatile bool _stopping;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        _stopping || lifetime.ApplicationStopping.IsCancellationRequested
            ? HealthCheckResult.Unhealthy("The service is stopping.")
            : HealthCheckResult.Healthy());

    public override Task StoppingAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        var delay = configuration.GetValue("Shutdown:Delay", TimeSpan.Zero);
        return delay == TimeSpan.Zero
            ? Task.CompletedTask
            : Task.Delay(delay, cancellationToken);
    }
}

internal static class DrainingSetup
{
    public static void AddDraining(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Draining>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Draining>());
        builder.Services.AddHealthChecks().AddCheck<Draining>("running", tags: [Health.Ready]);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout =
            builder.Configuration.GetValue("Shutdown:Limit", TimeSpan.FromSeconds(15)) + builder.Configuration.GetValue("Shutdown:Delay", TimeSpan.Zero));
    }
}
