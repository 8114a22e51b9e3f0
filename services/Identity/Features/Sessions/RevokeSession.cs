using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Sessions;

internal static class RevokeSession
{
    public static Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, SessionRows sessions, CancellationToken ct) =>
        db.Global().InTransaction<Results<NoContent, ProblemHttpResult>>(async tx =>
        {
            var own = await tx.QueryOne<Guid?>(
                """
                SELECT id
                FROM sessions
                WHERE id = @Id AND user_id = @Person
                FOR UPDATE
                """, new { id, Person = caller.Id });
            return own is not null && await sessions.End(tx, id) ? TypedResults.NoContent() : Problems.NotFound("sessions.unknown", "You have no such session.");
        }, ct);
}
