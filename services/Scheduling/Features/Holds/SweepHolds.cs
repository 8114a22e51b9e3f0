using FitFlow.Data;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Features.Holds;

/// Takes away the time of holds that have run out. It counts for nothing any more: this only keeps the table small.
internal sealed class SweepHolds(Db db, TimeProvider clock, ILogger<SweepHolds> log) : Repeating(Pause, clock, log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    protected override Task Run(CancellationToken ct) => db.Global().Execute(
        """
        DELETE FROM busy
        WHERE expires_at < @Before
        LIMIT 10000
        """, new { Before = Clock.GetUtcNow() - Pause }, ct);
}
