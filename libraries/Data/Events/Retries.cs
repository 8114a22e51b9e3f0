using FitFlow.ServiceDefaults;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FitFlow.Data.Events;

/// <summary>
/// What failed is tried again from its row, hours later if need be; a later event of the same aggregate waits behind it. Two replicas may
/// pick the same row: the inbox lets one of them do it. On its way it sweeps the inbox.
/// </summary>
internal sealed partial class Retries(Db db, Inbox inbox, Reactions reactions, EventSettings settings, TimeProvider clock, ILogger<Retries> log) : BackgroundService
{
    private const int SweptAtOnce = 1_000;

    private DateTimeOffset _sweepAt;

    /// <summary>Says again what failed; a message that fails in two replicas has one row.</summary>
    public static Task Add(Db db, ReactionType reaction, Message message, Exception failure, DateTimeOffset now, TimeSpan delay) =>
        db.Global().InTransaction(tx => Insert(tx, reaction, message, attempts: 1, now, now + delay, Inbox.Shortened(failure, 1_000)), CancellationToken.None);

    /// <summary>Waits for the one before it, and is due at once when that is done.</summary>
    public static Task Wait(Transaction tx, ReactionType reaction, Message message)
    {
        var now = tx.Clock.GetUtcNow();
        return Insert(tx, reaction, message, attempts: 0, now, now, "Waits for an earlier event of the same aggregate.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var busy = await Sweep(stoppingToken);
                foreach (var reaction in reactions.All)
                {
                    while (await One(reaction, stoppingToken)) busy = true;
                }

                if (!busy) await Task.Delay(settings.RetryPoll, clock, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // The database or the broker is away: the rows wait.
                LogLater(e.Message);
                await Task.Delay(settings.Backoff(6), clock, stoppingToken);
            }
        }
    }

    private static Task Insert(Transaction tx, ReactionType reaction, Message message, int attempts, DateTimeOffset now, DateTimeOffset nextAt, string error) =>
        tx.Execute(
            """
            INSERT INTO inbox_retries
              (consumer, message_id, aggregate_id, version, message, user_id, trace_parent, attempts, first_failed_at, next_at, error)
            VALUES
              (@Queue, @Id, @AggregateId, @Version, @Text, @UserId, @TraceParent, @attempts, @now, @nextAt, @error)
            ON DUPLICATE KEY UPDATE error = VALUES(error)
            """,
            new
            {
                reaction.Queue,
                message.Id,
                message.Envelope.AggregateId,
                message.Envelope.Version,
                message.Text,
                message.UserId,
                message.TraceParent,
                attempts,
                now,
                nextAt,
                error,
            });

    /// <summary>Whether there was one that is due.</summary>
    private async Task<bool> One(ReactionType reaction, CancellationToken ct)
    {
        if (await Due(reaction, ct) is not { } row) return false;
        var message = Message.Read(System.Text.Encoding.UTF8.GetBytes(row.Message), row.UserId?.ToString(), row.TraceParent);
        try
        {
            await inbox.InOneTransaction(reaction, [message], also: tx => Remove(tx, reaction, message), ct);
            LogDone(reaction.Queue, message.Id, row.Attempts);
        }
        catch (Exception e) when (e is not DependencyDownException { Dependency: "mysql" } && !ct.IsCancellationRequested)
        {
            await Failed(reaction, row, message, e, ct);
        }

        return true;
    }

    /// <summary>Forgets what was done long ago, a little at a time. Whether there is more.</summary>
    private async Task<bool> Sweep(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (now < _sweepAt) return false;
        var forgotten = await db.Global().Execute(
            $"DELETE FROM inbox WHERE processed_at < @limit ORDER BY processed_at LIMIT {SweptAtOnce}", new { limit = now - settings.InboxKeeps }, ct);
        if (forgotten == SweptAtOnce) return true;
        _sweepAt = now + settings.SweepEvery;
        return false;
    }

    private Task<Row?> Due(ReactionType reaction, CancellationToken ct) =>
        db.Global().QueryOne<Row>(
            """
            SELECT message, user_id, trace_parent, attempts, first_failed_at
            FROM inbox_retries AS late
            WHERE consumer = @Queue AND next_at <= @now
              AND NOT EXISTS (
                SELECT 1
                FROM inbox_retries AS earlier
                WHERE earlier.consumer = late.consumer AND earlier.aggregate_id = late.aggregate_id AND earlier.version < late.version)
            ORDER BY next_at
            LIMIT 1
            """, new { reaction.Queue, now = clock.GetUtcNow() }, ct);

    private async Task Failed(ReactionType reaction, Row row, Message message, Exception failure, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (failure is PoisonException || (row.Attempts > 0 && now - row.FirstFailedAt >= settings.GiveUpAfter))
        {
            await inbox.GiveUp(reaction, message.Body, message.Id, failure, ct);
            await db.Global().InTransaction(tx => Remove(tx, reaction, message), CancellationToken.None);
            return;
        }

        EventMetrics.Retry(reaction, failure);
        LogFailedAgain(reaction.Queue, message.Id, row.Attempts + 1, failure);
        await db.Global().Execute(
            """
            UPDATE inbox_retries
            SET first_failed_at = IF(attempts = 0, @now, first_failed_at), attempts = attempts + 1, next_at = @nextAt, error = @error
            WHERE consumer = @Queue AND message_id = @Id
            """,
            new { reaction.Queue, message.Id, now, nextAt = now + settings.LongRetry(row.Attempts + 1), error = Inbox.Shortened(failure, 1_000) }, CancellationToken.None);
    }

    private static Task Remove(Transaction tx, ReactionType reaction, Message message) =>
        tx.Execute("DELETE FROM inbox_retries WHERE consumer = @Queue AND message_id = @Id", new { reaction.Queue, message.Id });

    [LoggerMessage(LogLevel.Information, "{Queue} has done {MessageId} after {Attempts} attempts")]
    private partial void LogDone(string queue, Guid messageId, int attempts);

    [LoggerMessage(LogLevel.Warning, "{Queue} failed on {MessageId} again, {Attempts} times now")]
    private partial void LogFailedAgain(string queue, Guid messageId, int attempts, Exception e);

    [LoggerMessage(LogLevel.Warning, "Retries wait: {Reason}")]
    private partial void LogLater(string reason);

    private sealed record Row(string Message, Guid? UserId, string? TraceParent, int Attempts, DateTimeOffset FirstFailedAt);
}
