using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Identity.Features.Audit;
using FitFlow.Identity.Features.Denials;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Users;

/// The role on the platform. Tokens with the old one are refused from now on; the session gets one with the new at its next refresh.
internal static class PutRole
{
    public sealed record Request(Role Role);

    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, Db db, Denials.Denials denials, AuditLog audit, CachedPeople people, TimeProvider clock, CancellationToken ct)
    {
        var problem = await db.Global().InTransaction(async tx =>
        {
            var isLastAdmin = await LastAdmin.Is(tx, id);
            if (await Lock(tx, id) is not { } before) return Problems.NotFound("users.unknown");
            if (before == request.Role) return null;
            if (isLastAdmin) return Problems.Conflict("users.last_admin", "This is the only admin. Make somebody else one first.");

            await tx.Execute(
                """
                UPDATE users
                SET role = @Role, updated_at = @Now
                WHERE id = @Id
                """, new { id, request.Role, Now = clock.GetUtcNow() });
            await denials.Deny(tx, id);
            await audit.Write(tx, AuditKind.RoleChanged, caller, id);
            tx.Append(new UserUpdated(id, ["role"]));
            return null;
        }, ct);

        if (problem is not null) return problem;
        await people.Forget(id, ct);
        return TypedResults.NoContent();
    }

    private static Task<Role?> Lock(Transaction tx, Guid id) => tx.QueryOne<Role?>(
        """
        SELECT role
        FROM users
        WHERE id = @Id AND erased_at IS NULL
        FOR UPDATE
        """, new { id });
}
