using FitFlow.Data;
using FitFlow.Identity.Features.Members;
using FitFlow.Identity.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FitFlow.Identity.Features.Coachings;

/// A client may have several trainers.
internal static class AssignTrainer
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        [FromRoute(Name = "client_id")] Guid clientId,
        [FromRoute(Name = "trainer_id")] Guid trainerId,
        Caller caller,
        Db db,
        TimeProvider clock,
        CancellationToken ct) =>
        await db.ForTenant(caller.Studio).InTransaction<Results<NoContent, ProblemHttpResult>>(async tx =>
        {
            if (await Studio.Lock(tx) is null) return Studio.Unknown();
            if (!await Memberships.Runs(tx, caller.Id)) return MemberProblems.NotAnOwner();
            var (client, trainer) = (await Memberships.RolesOf(tx, clientId), await Memberships.RolesOf(tx, trainerId));
            if (client == Role.None || trainer == Role.None) return MemberProblems.Unknown();
            if (!client.HasFlag(Role.Client)) return Problems.Conflict("coaching.not_a_client", "This member is no client here.");
            if (!trainer.HasFlag(Role.Trainer)) return Problems.Conflict("coaching.not_a_trainer", "This member is no trainer here.");
            if (clientId == trainerId) return Problems.Conflict("coaching.oneself", "Nobody coaches themselves.");

            await Coaching.Begin(tx, trainerId, clientId, clock.GetUtcNow());
            return TypedResults.NoContent();
        }, ct);
}
