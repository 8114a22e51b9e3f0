using FitFlow.Data;
using FitFlow.Identity.Features.Audit;
using FitFlow.Identity.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FitFlow.Identity.Features.Members;

/// An owner sends somebody away, or somebody leaves.
internal static class RemoveMember
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        [FromRoute(Name = "user_id")] Guid userId, Caller caller, Db db, MembershipRows members, AuditLog audit, CancellationToken ct) =>
        await db.ForTenant(caller.Studio).InTransaction<Results<NoContent, ProblemHttpResult>>(async tx =>
        {
            if (await Studio.Lock(tx) is null) return Studio.Unknown();
            if (userId != caller.Id && !await Memberships.Runs(tx, caller.Id)) return MemberProblems.NotAnOwner();
            if (await Memberships.RolesOf(tx, userId) == Role.None) return MemberProblems.Unknown();
            if (await Memberships.IsLastOwner(tx, userId)) return MemberProblems.LastOwner();

            await members.Set(tx, userId, Role.None);
            await audit.Write(tx, AuditKind.RoleChanged, caller, userId, caller.Studio);
            return TypedResults.NoContent();
        }, ct);
}
