using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Audit;
using FitFlow.Identity.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FitFlow.Identity.Features.Members;

/// Makes a member exactly this.
internal static class SetRoles
{
    public sealed record Request([Required, Length(1, 3)] IReadOnlyList<Role> Roles) : IValidatableObject
    {
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => MemberProblems.Of(Roles);
    }

    public sealed record Response(Guid UserId, IReadOnlyList<Role> Roles);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        [FromRoute(Name = "user_id")] Guid userId, Request request, Caller caller, Db db, MembershipRows members, AuditLog audit, CancellationToken ct)
    {
        var roles = request.Roles.Aggregate(Role.None, (all, role) => all | role);
        var problem = await db.ForTenant(caller.Studio).InTransaction(async tx =>
        {
            if (await Studio.Lock(tx) is null) return Studio.Unknown();
            if (!await Memberships.Runs(tx, caller.Id)) return MemberProblems.NotAnOwner();
            var held = await Memberships.RolesOf(tx, userId);
            if (held == Role.None) return MemberProblems.Unknown();
            if (held == roles) return null;
            if (!roles.HasFlag(Role.GymOwner) && await Memberships.IsLastOwner(tx, userId)) return MemberProblems.LastOwner();

            await members.Set(tx, userId, roles);
            await audit.Write(tx, AuditKind.RoleChanged, caller, userId, caller.Studio);
            return null;
        }, ct);

        return problem is not null ? problem : TypedResults.Ok(new Response(userId, Memberships.Each(roles)));
    }
}
