using FitFlow.Data;
using FitFlow.Identity.Features.Members;
using FitFlow.Identity.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Invitations;

/// Takes an invitation back; trainers take back their own.
internal static class RevokeInvitation
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, CancellationToken ct) =>
        await db.ForTenant(caller.Studio).InTransaction<Results<NoContent, ProblemHttpResult>>(async tx =>
        {
            if (await Studio.Lock(tx) is null) return Studio.Unknown();
            var rights = await Memberships.RightsOf(tx, caller.Id);
            if (!Invitation.May(rights, Role.Client)) return MemberProblems.NotAnOwner();

            var revoked = await tx.Execute(
                """
                DELETE FROM invitations
                WHERE id = @Id AND (@Runs OR invited_by = @Caller)
                """, new { id, Runs = Memberships.Runs(rights), Caller = caller.Id });
            return revoked == 1 ? TypedResults.NoContent() : Invitation.Unknown();
        }, ct);
}
