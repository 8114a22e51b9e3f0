using System.Diagnostics;
using FitFlow.Data;

namespace FitFlow.Bench.Events;

/// <summary>
/// From the transaction that appends an event, one each, to the commit of its reaction: an inbox row and an effect, in twenty studios.
/// MySQL, the broker, eight writers, the relay and the consumer share this machine.
/// </summary>
internal static class EventsScenario
{
    private const int Writers = 8, Burst = 30_000, Rate = 200, LogRows = 1_000_000;
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(15), Patience = TimeSpan.FromMinutes(3);
    private static readonly Guid[] Studios = [.. Enumerable.Range(0, 20).Select(_ => NewId())];

    public static async Task<IReadOnlyList<Figure>> Run(Action<string> progress, CancellationToken ct)
    {
        progress("a service with a database and queues of its own");
        await using var service = await BenchService.Start(ct);
        var db = service.Db;
        await Throughput(db, Burst / 6, withRow: true, ct);

        progress($"{Burst:n0} events, each a transaction of its own, on a short log");
        var shortLog = await Throughput(db, Burst, withRow: false, ct);
        progress($"{Burst:n0} events, each with a business row");
        var withRow = await Throughput(db, Burst, withRow: true, ct);
        progress($"{Rate} events a second on a short log");
        var shortLag = await Lag(db, ct);
        progress($"a log of {LogRows:n0} rows");
        await Fill(db, ct);
        await Throughput(db, Burst / 6, withRow: true, ct);
        progress($"{Burst:n0} events on the long log");
        var longLog = await Throughput(db, Burst, withRow: false, ct);
        progress($"{Rate} events a second on the long log");
        var longLag = await Lag(db, ct);

        return
        [
            Figure.AtLeast(1_500, "appended to consumed", shortLog.Consumed, "events/s"),
            Figure.Told("appended, while they are consumed", shortLog.Appended, "events/s"),
            Figure.Told("append, median", shortLog.AppendMedian, "ms"),
            Figure.Told("appended with a business row to consumed", withRow.Consumed, "events/s"),
            Figure.Told("append with a business row, median", withRow.AppendMedian, "ms"),
            Figure.Below(250, $"lag at {Rate}/s, p95", shortLag.P95, "ms"),
            Figure.Told($"lag at {Rate}/s, median", shortLag.Median, "ms"),
            Figure.AtLeast(1_500, $"appended to consumed, {LogRows:n0} events in the log", longLog.Consumed, "events/s"),
            Figure.Below(250, $"lag at {Rate}/s, p95, {LogRows:n0} events in the log", longLag.P95, "ms"),
            Figure.AtLeast(0.8, "throughput on the long log / on the short", longLog.Consumed / shortLog.Consumed, ""),
            Figure.Below(1.5, "median lag on the long log / on the short", longLag.Median / shortLag.Median, ""),
            Figure.Below(1.5, "median append on the long log / on the short", longLog.AppendMedian / shortLog.AppendMedian, ""),
        ];
    }

    private static async Task<(double Appended, double Consumed, double AppendMedian)> Throughput(Db db, int events, bool withRow, CancellationToken ct)
    {
        using var ages = new Ages();
        var took = new double[events];
        var started = Stopwatch.GetTimestamp();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < events; i = Interlocked.Increment(ref next))
            {
                var at = Stopwatch.GetTimestamp();
                await PlaceOrder(db, Studios[i % Studios.Length], withRow, ct);
                took[i] = Stopwatch.GetElapsedTime(at).TotalMilliseconds;
            }
        }));
        var appended = Stopwatch.GetElapsedTime(started);
        await ages.Until(events, Patience, ct);
        var consumed = Stopwatch.GetElapsedTime(started);
        Array.Sort(took);
        return (events / appended.TotalSeconds, events / consumed.TotalSeconds, took[events / 2]);
    }

    private static async Task<(double Median, double P95)> Lag(Db db, CancellationToken ct)
    {
        using var ages = new Ages();
        var started = Stopwatch.GetTimestamp();
        var placed = new List<Task>();
        while (Stopwatch.GetElapsedTime(started) < Steady)
        {
            var due = (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * Rate);
            while (placed.Count < due) placed.Add(PlaceOrder(db, Studios[placed.Count % Studios.Length], withRow: true, ct));
            await Task.Delay(1, ct);
        }

        await Task.WhenAll(placed);
        await ages.Until(placed.Count, Patience, ct);
        return (ages.Milliseconds(0.5), ages.Milliseconds(0.95));
    }

    private static Task PlaceOrder(Db db, Guid studio, bool withRow, CancellationToken ct) =>
        db.ForTenant(studio).InTransaction(async tx =>
        {
            var order = new OrderPlaced(NewId(), NewId(), Amount: 12_900, "EUR");
            if (withRow)
            {
                await tx.Execute(
                    """
                    INSERT INTO orders (tenant_id, id, amount)
                    VALUES (@studio, @OrderId, @Amount)
                    """, new { studio, order.OrderId, order.Amount });
            }

            tx.Append(order);
        }, ct);

    /// <summary>What the log already holds, again and again.</summary>
    private static async Task Fill(Db db, CancellationToken ct)
    {
        while (await db.Global().QueryOne<long>("SELECT COUNT(*) FROM outbox", ct) is var rows && rows < LogRows)
        {
            await db.Global().Execute(
                """
                INSERT INTO outbox (id, aggregate_id, type, tenant_id, user_id, correlation_id, payload, trace_parent, created_at, sent_at)
                SELECT id, aggregate_id, type, tenant_id, user_id, correlation_id, payload, trace_parent, created_at, sent_at
                FROM outbox
                WHERE sent_at IS NOT NULL
                ORDER BY seq
                LIMIT @count
                """, new { count = Math.Min(20_000, LogRows - rows) }, ct);
        }
    }

    private static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
}
