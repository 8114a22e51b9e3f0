using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FitFlow.Scheduling.Features.Availability;

/// As if it had never been said. Without its extra hours, sessions may lie outside the hours.
internal static class RemoveException
{
    public sealed record Response(IReadOnlyList<Conflict> Conflicts);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        [FromRoute(Name = "trainer_id")] Guid trainerId, Guid id, Caller caller, TrainerHours hours, CancellationToken ct)
    {
        var (studio, refusal) = await hours.ToChange(caller, trainerId, ct);
        if (studio is null) return refusal!;

        var conflicts = await hours.Change(studio, trainerId, async tx => await tx.Execute(
            """
            DELETE FROM availability_exceptions
            WHERE trainer_id = @TrainerId AND id = @Id
            """, new { trainerId, id }) == 1, ct);
        return conflicts is null
            ? Problems.NotFound("availability.unknown_exception", "There is no such exception.")
            : TypedResults.Ok(new Response(conflicts));
    }
}
