using System.Diagnostics.Metrics;
using System.Net.Mail;
using FitFlow.Data;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Letters;

/// Sends what is due, beside all other replicas: whoever claims a letter has half a minute for it, then it is anybody's again. A crash between
/// sending and saying so repeats a letter, under the same Message-ID; none is lost.
internal sealed partial class SendLetters(Db db, Letters letters, MailServer mail, TimeProvider clock, ILogger<SendLetters> log) : BackgroundService
{
    private const int Batch = 8;

    private static readonly TimeSpan
        Poll = TimeSpan.FromSeconds(5), Lease = TimeSpan.FromSeconds(30), Shortest = TimeSpan.FromSeconds(5), Longest = TimeSpan.FromHours(1),
        GiveUp = TimeSpan.FromHours(24), Keep = TimeSpan.FromDays(30);

    private static readonly Meter Meter = new("FitFlow.Letters");
    private static readonly Counter<long> Sent = Meter.CreateCounter<long>("letters.sent", "{letter}", "Taken by the mail server.");
    private static readonly Counter<long> Retried = Meter.CreateCounter<long>("letters.retries", "{letter}", "Not taken, tried again later.");
    private static readonly Counter<long> Failed = Meter.CreateCounter<long>("letters.failed", "{letter}", "Given up.");

    private DateTimeOffset _nextSweep = DateTimeOffset.MinValue;

    private sealed record Due(Guid Id, byte[] Content, DateTimeOffset CreatedAt, int Attempts);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var claimed = await Claim(stoppingToken);
                // What was claimed is brought to its end, also while the service stops.
                await Task.WhenAll(claimed.Select(Send));
                if (claimed.Count == Batch) continue;
                await Sweep(stoppingToken);
            }
            catch (DependencyDownException e)
            {
                LogLater(e.Message);
            }

            await letters.WaitForPost(Poll, stoppingToken);
        }
    }

    private Task<IReadOnlyList<Due>> Claim(CancellationToken ct)
    {
        return db.Global().InTransaction(async tx =>
        {
            var now = clock.GetUtcNow();
            var due = await tx.Query<Due>(
                """
                SELECT id, content, created_at, attempts
                FROM letters
                WHERE due_at <= @Now
                ORDER BY due_at
                LIMIT @Batch
                FOR UPDATE SKIP LOCKED
                """, new { now, Batch });
            if (due.Count > 0)
            {
                await tx.Execute(
                    """
                    UPDATE letters
                    SET due_at = @Until, attempts = attempts + 1
                    WHERE id IN @Ids
                    """, new { Ids = due.Select(letter => letter.Id), Until = now + Lease });
            }

            return due;
        }, ct);
    }

    private async Task Send(Due due)
    {
        try
        {
            await mail.Send(due.Id, await letters.Open(due.Id, due.Content, CancellationToken.None));
        }
        catch (Exception e) when (e is not DependencyDownException)
        {
            await PutOff(due, e);
            return;
        }

        Sent.Add(1);
        await Close(due.Id, sentAt: clock.GetUtcNow(), failedAt: null, error: null);
    }

    private async Task PutOff(Due due, Exception e)
    {
        var now = clock.GetUtcNow();
        // The code only: what a mail server says quotes the address.
        var reason = e is SmtpException smtp ? $"smtp {(int)smtp.StatusCode} {smtp.StatusCode}" : e.GetType().Name;
        if (now - due.CreatedAt > GiveUp || e is FormatException or SmtpFailedRecipientException { StatusCode: >= (SmtpStatusCode)500 })
        {
            Failed.Add(1);
            LogGivenUp(due.Id, due.Attempts + 1, reason);
            await Close(due.Id, sentAt: null, failedAt: now, reason);
            return;
        }

        Retried.Add(1);
        LogPutOff(due.Id, due.Attempts + 1, reason);
        await db.Global().Execute(
            """
            UPDATE letters
            SET due_at = @DueAt, last_error = @Reason
            WHERE id = @Id AND due_at IS NOT NULL
            """, new { due.Id, DueAt = now + Backoff(due.Attempts), reason }, CancellationToken.None);
    }

    /// Some seconds, then longer and longer; not all at the same moment.
    private static TimeSpan Backoff(int attempts) =>
        TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, Shortest.TotalSeconds * Math.Pow(3, Math.Min(attempts, 10))) * (0.8 + (Random.Shared.NextDouble() * 0.4)));

    private Task<int> Close(Guid id, DateTimeOffset? sentAt, DateTimeOffset? failedAt, string? error) => db.Global().Execute(
        """
        UPDATE letters
        SET content = NULL, due_at = NULL, sent_at = @SentAt, failed_at = @FailedAt, last_error = @Error
        WHERE id = @Id
        """, new { id, sentAt, failedAt, error }, CancellationToken.None);

    /// Ids are in the order of time: what is older than the bound comes before it.
    private async Task Sweep(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (now < _nextSweep) return;
        await db.Global().Execute(
            """
            DELETE FROM letters
            WHERE id < @Bound AND due_at IS NULL
            LIMIT 1000
            """, new { Bound = Guid.CreateVersion7(now - Keep) }, ct);
        _nextSweep = now + TimeSpan.FromMinutes(10);
    }

    [LoggerMessage(LogLevel.Warning, "Letter {Id} was not taken at attempt {Attempt} ({Reason}); tried again later")]
    private partial void LogPutOff(Guid id, int attempt, string reason);

    [LoggerMessage(LogLevel.Error, "Letter {Id} is given up after attempt {Attempt} ({Reason})")]
    private partial void LogGivenUp(Guid id, int attempt, string reason);

    [LoggerMessage(LogLevel.Information, "Letters wait: {Reason}")]
    private partial void LogLater(string reason);
}
