using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FitFlow.ServiceDefaults;

internal static class RedisSetup
{
    public static void AddRedis(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services => new Redis(
            services.GetRequiredService<IConfiguration>().GetConnectionString("redis")
                ?? throw new CannotStartException("No address of Redis: ConnectionStrings__redis is not set."),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<Redis>>(),
            services.GetRequiredService<IConfiguration>().GetValue<TimeSpan?>("Redis:Timeout")));
        if (builder.Configuration.GetConnectionString("redis") is null) return;

        builder.Services.AddHostedService<Connecting>();

        // Nobody stops for lack of Redis: degraded, not unready.
        builder.Services.AddHealthChecks().AddCheck<RedisHealth>("redis", HealthStatus.Degraded, [Health.Ready]);
    }

    private sealed class Connecting(Redis redis) : LifecycleService
    {
        public override Task StartAsync(CancellationToken cancellationToken)
        {
            redis.Begin();
            return Task.CompletedTask;
        }
    }

    private sealed class RedisHealth(Redis redis) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await redis.Ping(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (DependencyDownException down)
            {
                return new HealthCheckResult(context.Registration.FailureStatus, down.Message);
            }
        }
    }
}
