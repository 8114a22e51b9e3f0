using FitFlow.Data.Events;
using FitFlow.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace FitFlow.Data;

/// <summary>How a service tells and hears events.</summary>
public static class EventsExtensions
{
    /// <summary>
    /// Relays what <see cref="Transaction.Append"/> wrote and runs <paramref name="add"/>'s reactions, over <c>ConnectionStrings:rabbitmq</c>.
    /// Whoever is refused on a route is told of as <c>access.denied</c>. After AddData.
    /// </summary>
    public static IHostApplicationBuilder AddEvents(this IHostApplicationBuilder builder, Action<Reactions> add)
    {
        var service = builder.Services.Select(registered => registered.ImplementationInstance).OfType<ServiceName>().LastOrDefault()
            ?? throw new InvalidOperationException("AddFitFlowDefaults says which service this is: call it before AddEvents.");
        var reactions = new Reactions(service.Value);
        reactions.Add<AnswerReplay>();
        add(reactions);
        builder.Services.AddSingleton(reactions);
        builder.Services.TryAddSingleton(new EventSettings());
        builder.Services.AddSingleton(services => BrokerOf(services.GetRequiredService<IConfiguration>()));
        builder.Services.AddSingleton<RelayGauges>();
        builder.Services.AddSingleton<Inbox>();
        builder.Services.AddSingleton<Bus>();
        builder.Services.AddSingleton(services => new EventLog(
            services.GetRequiredService<Db>(), services.GetRequiredService<Broker>(), reactions, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<Bus>());
        builder.Services.AddHostedService<Relay>();
        builder.Services.AddHostedService<Retries>();
        builder.Services.AddSingleton<TellDenied>();
        builder.Services.AddSingleton<OnDenied>(services => services.GetRequiredService<TellDenied>().Tell);
        builder.Services.AddAfterMigration((services, ct) => services.GetRequiredService<Broker>().Declare(reactions.All, ct));
        builder.Services.AddHealthChecks().AddCheck<BusHealth>("rabbitmq", tags: [Health.Ready]);
        return builder;
    }

    private static Broker BrokerOf(IConfiguration configuration)
    {
        var uri = configuration.GetConnectionString("rabbitmq") ?? throw new CannotStartException("ConnectionStrings:rabbitmq is not set.");
        try
        {
            return new Broker(uri);
        }
        catch (Exception e) when (e is UriFormatException or ArgumentException)
        {
            throw new CannotStartException("ConnectionStrings:rabbitmq is no address of RabbitMQ: amqp://user:password@host:port", e);
        }
    }
}

/// <summary>Degraded, never failed: while the broker is away a service can do everything but tell others, and the log keeps that for later.</summary>
internal sealed class BusHealth(Bus bus) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(bus.Trouble is { } trouble ? HealthCheckResult.Degraded($"Events are delayed: {trouble}") : HealthCheckResult.Healthy());
}
