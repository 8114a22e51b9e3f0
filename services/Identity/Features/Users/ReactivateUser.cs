using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Identity.Features.Audit;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Users;

internal static class ReactivateUser
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Caller caller, Db db, AuditLog audit, CachedPeople people, TimeProvider clock, CancellationToken ct)
    {
        var isKnown = await db.Global().InTransaction(async tx =>
        {
            if (!await People.Lock(tx, id)) return false;

            var isNew = await tx.Execute(
                """
                UPDATE users
                SET deactivated_at = NULL, updated_at = @Now
                WHERE id = @Id AND deactivated_at IS NOT NULL
                """, new { id, Now = clock.GetUtcNow() }) == 1;
            if (!isNew) return true;

            await audit.Write(tx, AuditKind.Reactivated, caller, id);
            tx.Append(new UserUpdated(id, ["is_active"]));
            return true;
        }, ct);

        if (!isKnown) return Problems.NotFound("users.unknown");
        await people.Forget(id, ct);
        return TypedResults.NoContent();
    }
}
