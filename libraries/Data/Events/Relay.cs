using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FitFlow.Data.Events;

/// <summary>
/// Publishes what the outbox holds, one relay per database at a time. In order within an aggregate, all aggregates of a batch at once; marks
/// what the broker confirmed. A crash at any line repeats, never loses.
/// </summary>
internal sealed partial class Relay(Db db, Bus bus, Broker broker, EventSettings settings, RelayGauges gauges, TimeProvider clock, ILogger<Relay> log) : BackgroundService
{
    /// <summary>How old a sent row must be before what stands in front of it is taken for settled: no transaction is open for that long.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(30);

    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);
    private int _failures;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await bus.Started.WaitAsync(stoppingToken);
        // A connection of its own beside the pool of twelve: the lease lives as long as it does.
        await using var pool = new Pool(db.Service.ConnectionString, size: 1);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var lease = await RelayLease.Acquire(pool, settings.LeaseSeconds, stoppingToken);
                if (lease is null) continue;
                LogLeads(pool.Database);
                await Lead(lease, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogLost(e.Message);
                await Task.Delay(settings.Backoff(Math.Min(++_failures, 5)), clock, stoppingToken);
            }
            finally
            {
                gauges.Leads(pool.Database, false);
            }
        }
    }

    private async Task Lead(RelayLease lease, CancellationToken ct)
    {
        gauges.Leads(db.Service.Database, true);
        var unsent = new UnsentEvents(lease, settings, clock, Settled);
        var poll = settings.PollFast;
        while (!ct.IsCancellationRequested)
        {
            settings.Step?.Invoke("read");
            var events = await unsent.Next(ct);
            gauges.Saw(db.Service.Database, await unsent.Measure(ct));
            if (events.Count > 0)
            {
                var sent = await Publish(events, ct);
                settings.Step?.Invoke("mark");
                await unsent.Mark(events, sent, ct);
                poll = settings.PollFast;
                await Task.Delay(sent.Count == events.Count ? Pause(events.Count) : settings.Backoff(_failures), clock, ct);
            }
            else
            {
                var woken = await db.Service.Appended.Wait(poll, ct);
                poll = woken ? settings.PollFast : Min(poll * 2, settings.PollSlow);
            }
        }
    }

    /// <summary>A full batch says that there is more.</summary>
    private TimeSpan Pause(int sent) => sent >= settings.RelayBatch ? TimeSpan.Zero : settings.RelayPause;

    /// <summary>The places in the log of those that the broker has.</summary>
    private async Task<IReadOnlyCollection<ulong>> Publish(IReadOnlyList<LoggedEvent> events, CancellationToken ct)
    {
        var sent = new ConcurrentBag<ulong>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(settings.PublishPatience);
        try
        {
            await CheckExchanges(events, patience.Token);
            await Task.WhenAll(events.GroupBy(e => e.AggregateId).Select(aggregate => InOrder(aggregate, sent, patience.Token)));
            _failures = 0;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // The broker is away. What it confirmed is marked, the rest is read again.
            if (_failures++ == 0) LogWaits(e.Message);
            _declared.Clear();
        }

        return sent;
    }

    private async Task InOrder(IEnumerable<LoggedEvent> aggregate, ConcurrentBag<ulong> sent, CancellationToken ct)
    {
        foreach (var e in aggregate)
        {
            settings.Step?.Invoke("publish");
            using var span = EventMetrics.Start($"publish {e.Type}", ActivityKind.Producer, e.TraceParent)?
                .SetTag("messaging.system", "rabbitmq")
                .SetTag("messaging.operation.type", "publish")
                .SetTag("messaging.destination.name", e.Type)
                .SetTag("messaging.message.id", e.Id)
                .SetTag("correlation_id", e.CorrelationId);
            var routed = await bus.Publish(e, span?.Id ?? e.TraceParent, ct);
            settings.Step?.Invoke("confirmed");
            sent.Add(e.Seq);
            EventMetrics.Published(e.Type, routed);
        }
    }

    /// <summary>A broker that lost its topology would drop everything: then the log keeps it until <c>migrate</c> has run.</summary>
    private async Task CheckExchanges(IReadOnlyList<LoggedEvent> events, CancellationToken ct)
    {
        foreach (var type in events.Select(e => e.Type).Distinct(StringComparer.Ordinal))
        {
            if (_declared.Contains(type)) continue;
            if (!await broker.HasExchange(type, ct)) throw new InvalidOperationException($"The exchange {type} is not declared: run migrate.");
            _declared.Add(type);
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    [LoggerMessage(LogLevel.Information, "Relays the events of {Database}")]
    private partial void LogLeads(string database);

    [LoggerMessage(LogLevel.Warning, "The relay starts over: {Reason}")]
    private partial void LogLost(string reason);

    [LoggerMessage(LogLevel.Warning, "Events wait for the broker: {Reason}")]
    private partial void LogWaits(string reason);
}
