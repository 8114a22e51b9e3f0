using FitFlow.Data;
using FitFlow.Scheduling.Features.Classes;
using FitFlow.Scheduling.Features.Studios;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Features.Enrolments;

/// Ends offers that have run out and passes the seats on. What another replica or a request is about just now is left to them.
internal sealed class TakeTurns(Db db, Line line, TimeProvider clock, ILogger<TakeTurns> log) : Repeating(Pause, clock, log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private sealed record Due(Guid ClassId, Guid TenantId);

    protected override async Task Run(CancellationToken ct)
    {
        var due = await db.Global().Query<Due>(
            """
            SELECT class_id, tenant_id
            FROM lines_due
            WHERE due_at <= @Now
            ORDER BY due_at
            LIMIT 100
            """, new { Now = Clock.GetUtcNow() }, ct);
        var faults = new List<Exception>();
        foreach (var (id, studio) in due)
        {
            try
            {
                await Take(studio, id, ct);
            }
            catch (Exception e) when (e is not (OperationCanceledException or DependencyDownException))
            {
                // One class that cannot be settled keeps no other's line waiting; it is said with the rest.
                faults.Add(e);
            }
        }

        if (faults.Count > 0) throw new AggregateException(faults);
    }

    private Task Take(Guid studio, Guid id, CancellationToken ct) => db.ForTenant(studio).InTransaction(
        async tx =>
        {
            if (await Class.LockIfFree(tx, id) is not null) await line.Settle(tx, id, (await Studio.Find(tx))!.Zone);
        }, ct);
}
