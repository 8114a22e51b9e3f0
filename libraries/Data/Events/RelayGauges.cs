using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace FitFlow.Data.Events;

/// <summary>What the relay of each database in this process last saw. Only who leads measures.</summary>
internal sealed class RelayGauges : IDisposable
{
    private readonly ConcurrentDictionary<string, State> _states = new(StringComparer.Ordinal);
    private readonly Meter _meter = new(EventMetrics.Source);

    public RelayGauges()
    {
        _meter.CreateObservableGauge("outbox.depth", () => Leading(state => state.Depth), "{event}", "Events that wait to be sent.");
        _meter.CreateObservableGauge("outbox.lag", () => Leading(state => state.Lag.TotalSeconds), "s", "Age of the oldest event that waits to be sent.");
        _meter.CreateObservableGauge("outbox.leader", () => _states.Select(s => new Measurement<int>(s.Value.Leads ? 1 : 0, Tag(s.Key))), "{relay}", "Whether this process relays.");
    }

    public void Leads(string database, bool leads) => _states[database] = new State(leads, 0, TimeSpan.Zero);

    public void Saw(string database, (long Depth, TimeSpan Lag)? seen)
    {
        if (seen is var (depth, lag)) _states[database] = new State(true, depth, lag);
    }

    public bool IsLeading(string database) => _states.TryGetValue(database, out var state) && state.Leads;

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<T>> Leading<T>(Func<State, T> what)
        where T : struct =>
        _states.Where(s => s.Value.Leads).Select(s => new Measurement<T>(what(s.Value), Tag(s.Key)));

    private static KeyValuePair<string, object?> Tag(string database) => new("db.namespace", database);

    private sealed record State(bool Leads, long Depth, TimeSpan Lag);
}
