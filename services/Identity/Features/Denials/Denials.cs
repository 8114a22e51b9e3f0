using FitFlow.Data;
using FitFlow.ServiceDefaults;
using FitFlow.ServiceDefaults.Tokens;

namespace FitFlow.Identity.Features.Denials;

/// Takes back what was handed out: every access token of a person or a session that was signed until now.
internal sealed class Denials(Db db, DenyList list, Redis redis, TimeProvider clock) : IDenials
{
    /// Longer than any transaction takes: whoever took a number this long ago has committed it, or never will.
    private static readonly TimeSpan Unsettled = TimeSpan.FromMinutes(2);

    private sealed record Row(long Seq, Guid Subject, DateTimeOffset SignedUntil);

    public string Source => "mysql";

    public bool CanBeAsked => true;

    /// Call it after the rows are written that it is about: a token that still says the old things was signed before them, and so before this.
    public async Task Deny(Transaction tx, Guid personOrSession)
    {
        var denied = new DeniedTokens(personOrSession, clock.GetUtcNow());
        await tx.Execute(
            """
            INSERT INTO denials (subject, signed_until)
            VALUES (@Subject, @SignedUntil)
            """, denied);
        tx.AfterCommit(ct => DenialFeed.Tell(denied, list, redis, ct));
    }

    /// Transactions commit in another order than they take their numbers: what is young is said again and again.
    public async Task<DenialPage> Since(long after, CancellationToken ct)
    {
        var rows = await db.Global().Query<Row>(
            """
            SELECT seq, subject, signed_until
            FROM denials
            WHERE seq > @After OR signed_until > @Young
            ORDER BY seq
            """, new { after, Young = clock.GetUtcNow() - Unsettled }, ct);
        return new DenialPage([.. rows.Select(row => new DeniedTokens(row.Subject, row.SignedUntil))], rows.Count > 0 ? rows[^1].Seq : after);
    }
}
