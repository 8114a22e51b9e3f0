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

            var ended = await tx.Execute(
                """
                DELETE FROM coachings
                WHERE trainer_id = @TrainerId AND client_id = @ClientId
                """, new { trainerId, clientId });
            return ended == 1 ? TypedResults.NoContent() : Problems.NotFound("coaching.unknown", "This trainer does not coach this client.");
        }, ct);
}
