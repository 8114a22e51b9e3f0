using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Passkeys;

/// The last one may go too: there is a password, or a letter by which to choose one.
internal static class RemovePasskey
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, CancellationToken ct)
    {
        var removed = await db.Global().Execute(
            """
            DELETE FROM passkeys
            WHERE id = @Id AND user_id = @Person
            """, new { id, Person = caller.Id }, ct);
        return removed == 1 ? TypedResults.NoContent() : Problems.NotFound("passkeys.unknown");
    }
}
