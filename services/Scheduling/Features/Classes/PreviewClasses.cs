using FitFlow.Data;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Classes;

/// Which of the dates could be had now, in which room, and what is in the way of the others. Writes nothing.
internal static class PreviewClasses
{
    public sealed record Response(string TimeZone, IReadOnlyList<Preview> Classes, IReadOnlyList<SkippedClass> Skipped);

    public sealed record Preview(DateTimeOffset StartsAt, DateTimeOffset EndsAt, Guid? RoomId);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        ClassRequest request, Caller caller, Db db, People.People people, TimeProvider clock, CancellationToken ct)
    {
        var studio = db.ForTenant(caller.Studio);
        if (await Offering.Find(studio, request.SessionTypeId, ct) is not { } offering) return SessionType.Unknown();
        if (await ClassTrainer.Refused(caller, offering, request.TrainerId, people, ct) is { } refused) return refused;
        var wanted = request.Classes(offering);
        if (wanted[0].Malformed() is { } malformed) return malformed;

        var survey = await studio.InTransaction(tx => ClassSurvey.Of(tx, wanted, request.OutsideHours, clock.GetUtcNow()), ct);
        var dates = wanted.Select(survey.Place).ToList();
        var free = dates.Where(date => date.Obstacle is null).Select(date => new Preview(date.Class.StartsAt, date.Class.EndsAt, date.Class.RoomId));
        return TypedResults.Ok(new Response(offering.TimeZone, [.. free], dates.Skipped()));
    }
}
