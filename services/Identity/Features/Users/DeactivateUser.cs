using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Identity.Features.Accounts;
using FitFlow.Identity.Features.Audit;
using FitFlow.Identity.Features.Sessions;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Users;

/// Puts an account out of use: its sessions end, its tokens are refused at once, and whoever knows the password is told why they stay outside.
internal static class DeactivateUser
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Caller caller, Db db, SessionRows sessions, OneTimeTokens tokens, AuditLog audit, CachedPeople people, TimeProvider clock, CancellationToken ct)
    {
        var problem = await db.Global().InTransaction(async tx =>
        {
            var isLastAdmin = await LastAdmin.Is(tx, id);
            if (!await People.Lock(tx, id)) return Problems.NotFound("users.unknown");
            if (isLastAdmin) return Problems.Conflict("users.last_admin", "This is the only admin. Make somebody else one first.");

            var isNew = await tx.Execute(
                """
                UPDATE users
                SET deactivated_at = @Now, updated_at = @Now
                WHERE id = @Id AND deactivated_at IS NULL
                """, new { id, Now = clock.GetUtcNow() }) == 1;
            if (!isNew) return null;

            await sessions.EndAll(tx, id);
            await tokens.Drop(tx, id, Purpose.ResetPassword);
            await audit.Write(tx, AuditKind.Deactivated, caller, id);
            tx.Append(new UserDeactivated(id));
            return null;
        }, ct);

        if (problem is not null) return problem;
        await people.Forget(id, ct);
        return TypedResults.NoContent();
    }
}
