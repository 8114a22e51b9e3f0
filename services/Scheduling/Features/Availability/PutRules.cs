using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FitFlow.Scheduling.Features.Availability;

/// From now on the trainer's week is this. Sessions that are booked stay, and those that lie outside it are named.
internal static class PutRules
{
    private const int Most = 100;

    public sealed record Request([Required, MaxLength(Most)] IReadOnlyList<RuleText> Rules);

    public sealed record Response(Guid TrainerId, string TimeZone, IReadOnlyList<RuleText> Rules, IReadOnlyList<Conflict> Conflicts);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        [FromRoute(Name = "trainer_id")] Guid trainerId, Request request, Caller caller, TrainerHours hours, TimeProvider clock, CancellationToken ct)
    {
        var (studio, refusal) = await hours.ToChange(caller, trainerId, ct);
        if (studio is null) return refusal!;
        var week = request.Rules.Select(rule => rule.Read()).ToList();
        if (Overlaps(week) is { Count: > 0 } overlaps) return Problems.Invalid(overlaps, "availability.rules_overlap");

        var rows = Sql.Json(week.Select(rule => Row(rule, clock.GetUtcNow())));
        var conflicts = await hours.Change(studio, trainerId, async tx =>
        {
            await tx.Execute("DELETE FROM availability_rules WHERE trainer_id = @TrainerId", new { trainerId });
            await tx.Execute(
                """
                INSERT INTO availability_rules (tenant_id, trainer_id, id, day, starts, ends, valid_from, valid_until)
                SELECT @Studio, @TrainerId, UNHEX(rule.id), rule.day, rule.starts, rule.ends, rule.valid_from, rule.valid_until
                FROM JSON_TABLE(@Rows, '$[*]' COLUMNS (
                    id CHAR(32) PATH '$.id',
                    day VARCHAR(9) PATH '$.day',
                    starts TIME PATH '$.starts',
                    ends TIME PATH '$.ends',
                    valid_from DATE PATH '$.valid_from',
                    valid_until DATE PATH '$.valid_until')) rule
                """, new { Studio = tx.Tenant, trainerId, rows });
            return true;
        }, ct);
        return TypedResults.Ok(new Response(trainerId, studio.TimeZone, request.Rules, conflicts!));
    }

    private static Dictionary<string, string[]> Overlaps(List<WeeklyRule> week) => (
        from later in Enumerable.Range(0, week.Count)
        let earlier = week.FindIndex(0, later, rule => rule.Overlaps(week[later]))
        where earlier >= 0
        select (later, earlier)).ToDictionary(pair => $"rules[{pair.later}]", pair => new[] { $"overlaps rules[{pair.earlier}]" }, StringComparer.Ordinal);

    /// What is not said is left out: the engines read a null in JSON differently.
    private static Dictionary<string, string> Row(WeeklyRule rule, DateTimeOffset now)
    {
        var row = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["id"] = Guid.CreateVersion7(now).ToString("N"),
            ["day"] = rule.Day.ToString().ToLowerInvariant(),
            ["starts"] = rule.Starts.ToString("HH:mm:ss"),
            ["ends"] = rule.Ends.ToString("HH:mm:ss"),
        };
        if (rule.ValidFrom is { } from) row["valid_from"] = from.ToString("yyyy-MM-dd");
        if (rule.ValidUntil is { } until) row["valid_until"] = until.ToString("yyyy-MM-dd");
        return row;
    }
}
