using FitFlow.Data;
using FitFlow.Identity.Features.Members;
using FitFlow.Identity.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Invitations;

internal static class EndJoinLink
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(Caller caller, Db db, CancellationToken ct) =>
        await db.ForTenant(caller.Studio).InTransaction<Results<NoContent, ProblemHttpResult>>(async tx =>
        {
            if (await Studio.Lock(tx) is null) return Studio.Unknown();
            if (!await Memberships.Runs(tx, caller.Id)) return MemberProblems.NotAnOwner();
            await tx.Execute("DELETE FROM join_links");
            return TypedResults.NoContent();
        }, ct);
}
