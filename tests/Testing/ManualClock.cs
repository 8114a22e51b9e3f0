namespace FitFlow.Testing;

/// <summary>A clock that moves when the test says so. Timers run on real time.</summary>
public sealed class ManualClock(DateTimeOffset? start = null) : TimeProvider
{
    private long ticks = (start ?? System.GetUtcNow()).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Volatile.Read(ref ticks);

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
