namespace FitFlow.ServiceDefaults;

/// <summary>The time as the databases keep it, to the microsecond: what is answered now is what is read back later.</summary>
internal sealed class Clock : TimeProvider
{
    public override DateTimeOffset GetUtcNow()
    {
        var now = base.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
