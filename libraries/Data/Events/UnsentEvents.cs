namespace FitFlow.Data.Events;

/// <summary>The part of the log that is still to be sent.</summary>
internal sealed class UnsentEvents(RelayLease lease, EventSettings settings, TimeProvider clock, TimeSpan settledAfter)
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(30), MeasureEvery = TimeSpan.FromSeconds(2);

    /// <summary>The index is named because the optimizer, going by statistics that lag behind, would rather walk the whole log.</summary>
    public const string Select =
        $"""
        SELECT {LoggedEvent.Columns}
        FROM outbox FORCE INDEX (unsent)
        WHERE sent_at IS NULL AND seq > @floor
        ORDER BY seq
        LIMIT @RelayBatch
        """;

    private readonly Queue<(ulong Seq, DateTimeOffset At)> _sent = new();
    private ulong _floor;
    private DateTimeOffset _swept, _measured;

    /// <summary>
    /// The earliest. The index keeps the entries of sent rows until InnoDB has purged them, and while somebody reads an old snapshot (a
    /// backup) it purges nothing: so what is known to be sent is not looked at, but for a sweep now and then that finds whoever
    /// committed very late.
    /// </summary>
    public async Task<IReadOnlyList<LoggedEvent>> Next(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        while (_sent.TryPeek(out var oldest) && now - oldest.At > settledAfter) _floor = Math.Max(_floor, _sent.Dequeue().Seq);
        var sweeps = now - _swept > SweepEvery;
        if (sweeps) _swept = now;
        return await lease.Query<LoggedEvent>(Select, new { floor = sweeps ? 0 : _floor, settings.RelayBatch }, ct);
    }

    /// <summary>Of what was read together, these are sent. What could not be sent holds up the floor: it is to be found again before what follows it.</summary>
    public async Task Mark(IReadOnlyList<LoggedEvent> read, IReadOnlyCollection<ulong> sent, CancellationToken ct)
    {
        if (sent.Count == 0) return;
        var now = clock.GetUtcNow();
        await lease.Execute("UPDATE outbox SET sent_at = @now WHERE seq IN @sent", new { now, sent }, ct);
        var unbroken = read.Select(e => e.Seq).TakeWhile(sent.ToHashSet().Contains).LastOrDefault();
        if (unbroken > 0) _sent.Enqueue((unbroken, now));
    }

    /// <summary>How many wait, counted up to a hundred thousand, and since when; null when that was asked a moment ago.</summary>
    public async Task<(long Depth, TimeSpan Lag)?> Measure(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (now - _measured < MeasureEvery) return null;
        _measured = now;
        var depth = await lease.Query<long>(
            """
            SELECT COUNT(*)
            FROM (SELECT seq FROM outbox FORCE INDEX (unsent) WHERE sent_at IS NULL AND seq > @_floor LIMIT 100000) AS waiting
            """, new { _floor }, ct);
        var oldest = await lease.Query<DateTimeOffset>(
            "SELECT created_at FROM outbox FORCE INDEX (unsent) WHERE sent_at IS NULL AND seq > @_floor ORDER BY seq LIMIT 1", new { _floor }, ct);
        return (depth[0], oldest is [var since] ? now - since : TimeSpan.Zero);
    }
}
