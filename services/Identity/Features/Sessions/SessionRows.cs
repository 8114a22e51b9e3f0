using FitFlow.Data;
using FitFlow.Identity.Features.Keys;
using FitFlow.Identity.Features.Users;

namespace FitFlow.Identity.Features.Sessions;

/// A session is one sign-in on one device, and the family of refresh tokens that follow each other in it. Locks are taken in one order
/// everywhere: the person, their session, its token.
internal sealed class SessionRows(Db db, AccessTokens tokens, Denials.Denials denials, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// Null when the account was closed, or `stillMay` says that what the person proved is no longer true: it is asked while nobody can
    /// end the person's sessions, so that a changed password leaves no session behind that the old one opened.
    public async Task<SignedIn?> Start(
        User user, Device device, CancellationToken ct, Func<Transaction, Task<bool>>? stillMay = null, SessionKind kind = SessionKind.Token)
    {
        var now = clock.GetUtcNow();
        var signedIn = new SignedIn(user, Guid.CreateVersion7(now), "", Secret.New(), kind == SessionKind.Cookie ? Secret.New() : null);

        // Signed before the row is there: whoever ends the session later denies what was signed until then, and that is this one.
        signedIn = signedIn with { AccessToken = await tokens.For(user, signedIn.Session, ct) };
        return await db.Global().InTransaction(async tx =>
        {
            if (!await IsOpen(tx, user.Id) || (stillMay is not null && !await stillMay(tx))) return null;
            await tx.Execute(
                """
                INSERT INTO sessions (id, user_id, user_agent, ip, csrf_hash, created_at, last_seen_at)
                VALUES (@Session, @UserId, @UserAgent, @Ip, @CsrfHash, @Now, @Now)
                """,
                new { signedIn.Session, UserId = user.Id, device.UserAgent, device.Ip, CsrfHash = signedIn.Csrf is { } csrf ? Secret.Hash(csrf) : null, now });
            await Hand(tx, signedIn.Session, signedIn.RefreshToken);
            return signedIn;
        }, ct);
    }

    /// Writes down a refresh token of the session.
    public Task Hand(Transaction tx, Guid session, string refreshToken)
    {
        var now = clock.GetUtcNow();
        return tx.Execute(
            """
            INSERT INTO refresh_tokens (hash, session_id, created_at, expires_at)
            VALUES (@Hash, @Session, @Now, @ExpiresAt)
            """, new { Hash = Secret.Hash(refreshToken), session, now, ExpiresAt = now + Lifetime });
    }

    /// Ends a session: its refresh tokens are worth nothing from here on, and its access tokens are denied. False when it had ended before.
    public async Task<bool> End(Transaction tx, Guid session)
    {
        var ended = await tx.Execute(
            """
            UPDATE sessions
            SET ended_at = @Now
            WHERE id = @Session AND ended_at IS NULL
            """, new { session, Now = clock.GetUtcNow() });
        if (ended == 0) return false;
        await denials.Deny(tx, session);
        return true;
    }

    /// Ends every session of the person but `except`. Each is denied by itself: what the person signs in to a moment later is not.
    public async Task EndAll(Transaction tx, Guid person, Guid? except = null)
    {
        // Nobody starts a session for them meanwhile.
        await Lock(tx, person);
        var open = await tx.Query<Guid>(
            """
            SELECT id
            FROM sessions
            WHERE user_id = @Person AND ended_at IS NULL
            ORDER BY id
            FOR UPDATE
            """, new { person });
        foreach (var session in open.Where(session => session != except)) await End(tx, session);
    }

    private static async Task<bool> IsOpen(Transaction tx, Guid person) =>
        await Lock(tx, person) is { } account && account is { DeactivatedAt: null, ErasedAt: null };

    private static Task<Account?> Lock(Transaction tx, Guid person) => tx.QueryOne<Account>(
        """
        SELECT deactivated_at, erased_at
        FROM users
        WHERE id = @Person
        FOR UPDATE
        """, new { person });

    private sealed record Account(DateTimeOffset? DeactivatedAt, DateTimeOffset? ErasedAt);
}
