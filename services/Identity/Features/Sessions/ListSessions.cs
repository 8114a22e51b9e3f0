using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Sessions;

internal static class ListSessions
{
    public sealed record Session(Guid Id, string Device, string Ip, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, bool Current);

    public sealed record Page(IReadOnlyList<Session> Data, string? NextCursor);

    /// The newest first; ids are in the order of time.
    public static async Task<Results<Ok<Page>, ProblemHttpResult>> Handle(
        Caller caller, Db db, TimeProvider clock, CancellationToken ct, [StringLength(36)] string? cursor = null, [Range(1, 100)] int limit = 50)
    {
        var before = Guid.AllBitsSet;
        if (cursor is not null && !Guid.TryParseExact(cursor, "D", out before)) return Problems.Invalid("cursor", "is not one of this list");

        var sessions = await db.Global().Query<Session>(
            """
            SELECT id, user_agent AS device, ip, created_at, last_seen_at, id = @Own AS current
            FROM sessions
            WHERE user_id = @Person AND id < @Before AND ended_at IS NULL AND last_seen_at > @Since
            ORDER BY id DESC
            LIMIT @Limit
            """, new { Person = caller.Id, Own = caller.SessionId, before, Since = clock.GetUtcNow() - SessionRows.Lifetime, limit }, ct);
        return TypedResults.Ok(new Page(sessions, sessions.Count == limit ? sessions[^1].Id.ToString() : null));
    }
}
