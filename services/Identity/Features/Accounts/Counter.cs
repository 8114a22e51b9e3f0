using FitFlow.Data;

namespace FitFlow.Identity.Features.Accounts;

/// So many are free; after that each one more is followed by a pause, twice as long as the one before.
internal sealed record Limit(int Free, TimeSpan Pause);

/// How often something was tried within the last hour. Rows of attempts, told apart by what is counted.
internal sealed record Counter(int Count, DateTimeOffset? BlockedUntil, DateTimeOffset ExpiresAt)
{
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    public static async Task<Counter> Lock(Transaction tx, byte[] subject, DateTimeOffset now)
    {
        await tx.Execute(
            """
            INSERT INTO attempts (subject, count, expires_at)
            VALUES (@Subject, 0, @ExpiresAt)
            ON DUPLICATE KEY UPDATE subject = subject
            """, new { subject, ExpiresAt = now + Window });
        return (await Find(tx, subject, now))!;
    }

    /// What has expired counts nothing, swept or not.
    public static async Task<Counter?> Find(Transaction tx, byte[] subject, DateTimeOffset now)
    {
        var row = await tx.QueryOne<Counter>(
            """
            SELECT count, blocked_until, expires_at
            FROM attempts
            WHERE subject = @Subject
            """, new { subject });
        return row?.ExpiresAt <= now ? new Counter(0, BlockedUntil: null, row.ExpiresAt) : row;
    }

    public static Task Set(Transaction tx, byte[] subject, int count, Limit limit, DateTimeOffset now)
    {
        var beyond = count - limit.Free;
        var pause = limit.Pause * Math.Pow(2, Math.Min(beyond, 10));
        return tx.Execute(
            """
            UPDATE attempts
            SET count = @Count, blocked_until = @BlockedUntil, expires_at = @ExpiresAt
            WHERE subject = @Subject
            """, new { subject, count, BlockedUntil = beyond < 0 ? (DateTimeOffset?)null : now + (pause < Longest ? pause : Longest), ExpiresAt = now + Window });
    }

    public static Task Forget(Transaction tx, byte[] subject) => tx.Execute(
        """
        DELETE FROM attempts
        WHERE subject = @Subject
        """, new { subject });
}
