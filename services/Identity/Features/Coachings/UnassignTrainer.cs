using FitFlow.Data;
using FitFlow.Identity.Features.Members;
using FitFlow.Identity.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FitFlow.Identity.Features.Coachings;

internal static class UnassignTrainer
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        [FromRoute(Name = "client_id")] Guid clientId, [FromRoute(Name = "trainer_id")] Guid trainerId, Caller caller, Db db, CancellationToken ct) =>
        await db.ForTenant(caller.Studio).InTransaction<Results<NoContent, ProblemHttpResult>>(async tx =>
        {
            if (await Studio.Lock(tx) is null) return Studio.Unknown();
            if (!await Memberships.Runs(tx, caller.Id)) return MemberProblems.NotAnOwner();

            return await Coaching.End(tx, trainerId, clientId)
                ? TypedResults.NoContent()
                : Problems.NotFound("coaching.unknown", "This trainer does not coach this client.");
        }, ct);
}
