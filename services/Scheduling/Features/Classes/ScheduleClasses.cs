using FitFlow.Data;
using FitFlow.Scheduling.Features.Availability;
using FitFlow.Scheduling.Features.Policies;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Classes;

/// All dates that can be had, in one transaction; the others are named with what was in their way. Those who work here may name any hour to come.
internal static class ScheduleClasses
{
    public sealed record Response(Guid? SeriesId, string TimeZone, IReadOnlyList<ClassView> Classes, IReadOnlyList<SkippedClass> Skipped);

    public static async Task<Results<Created<Response>, ProblemHttpResult>> Handle(
        ClassRequest request, Caller caller, Db db, People.People people, ClassRows rows, SlotCache slots, TimeProvider clock, CancellationToken ct)
    {
        var studio = db.ForTenant(caller.Studio);
        if (await Offering.Find(studio, request.SessionTypeId, ct) is not { } offering) return SessionType.Unknown();
        if (await ClassTrainer.Refused(caller, offering, request.TrainerId, people, ct) is { } refused) return refused;
        var wanted = request.Classes(offering);
        if (wanted[0].Malformed() is { } malformed) return malformed;
        var policy = await Policy.Find(studio, ct);

        return await studio.InTransaction<Results<Created<Response>, ProblemHttpResult>>(async tx =>
        {
            var now = clock.GetUtcNow();
            await Busy.Busy.Lock(tx, wanted[0].InEachRoom().SelectMany(candidate => candidate.Takings).Select(taking => taking.Resource));
            var survey = await ClassSurvey.Of(tx, wanted, request.OutsideHours, now);
            var dates = wanted.Select(survey.Place).ToList();
            var skipped = dates.Skipped();
            if (skipped.Count == dates.Count) return skipped.Refusal();

            var terms = new ClassRows.Terms(
                request.Capacity ?? offering.Capacity, request.WaitlistMode ?? policy.WaitlistMode, request.OfferMinutes ?? policy.OfferMinutes,
                request.WaitlistCutoffMinutes ?? policy.WaitlistCutoffMinutes, request.Recurrence is null ? null : Guid.CreateVersion7(now), caller.Id);
            var ids = new List<Guid>(dates.Count);
            foreach (var date in dates.Where(date => date.Obstacle is null)) ids.Add(await rows.Add(tx, date.Class, terms));
            slots.Drop(tx, dates.Where(date => date.Obstacle is null).SelectMany(date => date.Class.Takings).Select(taking => taking.Resource));

            var classes = await ClassView.Read(tx, ids, caller);
            return TypedResults.Created($"/api/v1/classes/{classes[0].Id}", new Response(terms.Series, offering.TimeZone, classes, skipped));
        }, ct);
    }
}
