using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Keys;
using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Sessions;

internal static class Refresh
{
    /// Two tabs that wake up together are no thieves: so long a spent token still has siblings.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// A browser sends none: its cookie holds it.
    public sealed record Request([StringLength(Secret.Length)] string? RefreshToken = null);

    private sealed record Holder(Guid SessionId, Guid Id, string Email, Role Role, string FirstName, string LastName, DateTimeOffset CreatedAt, byte[]? CsrfHash)
    {
        public User User => new(Id, Email, Role, FirstName, LastName, CreatedAt);
    }

    private sealed record Token(DateTimeOffset ExpiresAt, DateTimeOffset? SpentAt);

    public static async Task<Results<Ok<SignedIn.Response>, ProblemHttpResult>> Handle(
        Request? request, HttpContext http, Db db, AccessTokens tokens, SessionRows sessions, BrowserSessions browsers, TimeProvider clock, CancellationToken ct)
    {
        var kept = request?.RefreshToken is null ? browsers.RefreshTokenIn(http) : null;
        if ((request?.RefreshToken ?? kept) is not { } refreshToken) return Unknown();
        if (kept is not null && browsers.RefuseForeign(http) is { } foreign) return foreign;

        var hash = Secret.Hash(refreshToken);
        if (await Find(db, hash, ct) is not { } holder) return Unknown();
        if (kept is not null && BrowserSessions.RefuseForged(http, holder.CsrfHash) is { } forged) return forged;
        // What was in a cookie stays there: no script gets a browser's refresh token by asking.
        if (kept is null && holder.CsrfHash is not null) return Unknown();

        // Signed first, for the reason that SessionRows.Start has.
        var accessToken = await tokens.For(holder.User, holder.SessionId, ct);
        var csrf = kept is null ? null : http.Request.Headers[BrowserSessions.CsrfHeader].ToString();
        var refreshed = new SignedIn(holder.User, holder.SessionId, accessToken, Secret.New(), csrf);
        var problem = await db.Global().InTransaction<ProblemHttpResult?>(async tx =>
        {
            if (!await Lock(tx, holder.SessionId)) return Problems.Unauthorized("sessions.ended", "This session has been ended. Sign in again.");
            if (await Take(tx, hash) is not { } token) return Unknown();

            var now = clock.GetUtcNow();
            if (token.ExpiresAt <= now) return Problems.Unauthorized("sessions.refresh_expired", "You have been away for long. Sign in again.");
            if (now - token.SpentAt > Grace)
            {
                // One of the two who hold it is a thief, and nobody knows which.
                await sessions.End(tx, holder.SessionId);
                return Problems.Unauthorized("sessions.refresh_reused", "This refresh token was used before, so its session has been ended. Sign in again.");
            }

            await Rotate(tx, sessions, hash, refreshed, Device.Of(http), now);
            return null;
        }, ct);
        return problem is not null ? problem : TypedResults.Ok(browsers.Answer(http, refreshed));
    }

    private static ProblemHttpResult Unknown() => Problems.Unauthorized("sessions.refresh_invalid", "The refresh token is not valid. Sign in again.");

    private static async Task Rotate(Transaction tx, SessionRows sessions, byte[] hash, SignedIn refreshed, Device device, DateTimeOffset now)
    {
        await tx.Execute(
            """
            UPDATE refresh_tokens
            SET spent_at = COALESCE(spent_at, @Now)
            WHERE hash = @Hash
            """, new { hash, now });
        await tx.Execute(
            """
            UPDATE sessions
            SET last_seen_at = @Now, user_agent = @UserAgent, ip = @Ip
            WHERE id = @Session
            """, new { refreshed.Session, device.UserAgent, device.Ip, now });
        await sessions.Hand(tx, refreshed.Session, refreshed.RefreshToken);
    }

    private static Task<Holder?> Find(Db db, byte[] hash, CancellationToken ct) => db.Global().QueryOne<Holder>(
        """
        SELECT t.session_id, u.id, u.email, u.role, u.first_name, u.last_name, u.created_at, s.csrf_hash
        FROM refresh_tokens t
        JOIN sessions s ON s.id = t.session_id
        JOIN users u ON u.id = s.user_id
        WHERE t.hash = @Hash AND u.deactivated_at IS NULL AND u.erased_at IS NULL
        """, new { hash }, ct);

    /// All that happens to a session happens one after the other. False when it has ended.
    private static async Task<bool> Lock(Transaction tx, Guid session) => await tx.QueryOne<Guid?>(
        """
        SELECT id
        FROM sessions
        WHERE id = @Session AND ended_at IS NULL
        FOR UPDATE
        """, new { session }) is not null;

    private static Task<Token?> Take(Transaction tx, byte[] hash) => tx.QueryOne<Token>(
        """
        SELECT expires_at, spent_at
        FROM refresh_tokens
        WHERE hash = @Hash
        FOR UPDATE
        """, new { hash });
}
