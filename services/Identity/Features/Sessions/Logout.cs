using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Sessions;

internal static class Logout
{
    public sealed record Request([StringLength(Secret.Length)] string? RefreshToken = null);

    private sealed record Row(Guid Id, byte[]? CsrfHash);

    /// Ends the session of the access token, of the refresh token and of the cookie, whichever are there: an access token may have run out.
    /// Says the same when there is nothing to end.
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Request? request, Caller? caller, HttpContext http, Db db, SessionRows sessions, BrowserSessions browsers, CancellationToken ct)
    {
        var named = await Find(db, request?.RefreshToken, ct);
        var kept = await Find(db, browsers.RefreshTokenIn(http), ct);
        if (kept is not null && (browsers.RefuseForeign(http) ?? BrowserSessions.RefuseForged(http, kept.CsrfHash)) is { } refused) return refused;

        await db.Global().InTransaction(async tx =>
        {
            foreach (var session in new[] { caller?.SessionId, named?.Id, kept?.Id }.OfType<Guid>().Distinct().Order()) await sessions.End(tx, session);
        }, ct);
        if (browsers.RefreshTokenIn(http) is not null) browsers.Clear(http);
        return TypedResults.NoContent();
    }

    private static async Task<Row?> Find(Db db, string? refreshToken, CancellationToken ct) => refreshToken is null ? null : await db.Global().QueryOne<Row>(
        """
        SELECT s.id, s.csrf_hash
        FROM refresh_tokens t
        JOIN sessions s ON s.id = t.session_id
        WHERE t.hash = @Hash
        """, new { Hash = Secret.Hash(refreshToken) }, ct);
}
