using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FitFlow.Data.Events;

namespace FitFlow.Bench.Events;

/// <summary>Hears how old each event was when its reaction had committed, from the meter that ops look at.</summary>
internal sealed class Ages : IDisposable
{
    private readonly ConcurrentQueue<double> _seconds = new();
    private readonly MeterListener _listener = new();

    public Ages()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == EventMetrics.Source && instrument.Name == EventMetrics.AgeName) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => _seconds.Enqueue(seconds));
        _listener.Start();
    }

    public int Count => _seconds.Count;

    public double Milliseconds(double percentile)
    {
        var sorted = _seconds.Order().ToArray();
        return sorted[(int)Math.Ceiling(percentile * (sorted.Length - 1))] * 1000;
    }

    public async Task Until(int count, TimeSpan patience, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        while (Count < count) await Task.Delay(5, limit.Token);
    }

    public void Dispose() => _listener.Dispose();
}
