using FitFlow.Data;
using FitFlow.Scheduling.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FitFlow.Scheduling.Features.Availability;

/// A trainer's week, Monday first.
internal static class GetRules
{
    public sealed record Response(Guid TrainerId, string TimeZone, IReadOnlyList<RuleText> Rules);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        [FromRoute(Name = "trainer_id")] Guid trainerId, Caller caller, Db db, StudioRows studios, CancellationToken ct)
    {
        if (await studios.Find(caller, ct) is not { } studio) return Problems.NotFound("studios.unknown", "There is no such studio.");
        var rules = await db.ForTenant(caller.Studio).Query<WeeklyRule>(
            """
            SELECT day, starts, ends, valid_from, valid_until
            FROM availability_rules
            WHERE trainer_id = @TrainerId
            ORDER BY FIELD(day, 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'), starts, valid_from, id
            """, new { trainerId }, ct);
        return TypedResults.Ok(new Response(trainerId, studio.TimeZone, [.. rules.Select(RuleText.Of)]));
    }
}
