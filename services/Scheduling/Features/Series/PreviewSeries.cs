using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Series;

/// Which of the dates could be had now, and what is in the way of the others. Writes nothing.
internal static class PreviewSeries
{
    public sealed record Response(string TimeZone, IReadOnlyList<OccurrenceView> Occurrences);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        SeriesRequest request, Caller caller, Db db, Participants participants, TimeProvider clock, CancellationToken ct)
    {
        var studio = db.ForTenant(caller.Studio);
        if (await Offering.Find(studio, request.SessionTypeId, ct) is not { } offering) return SessionType.Unknown();
        var client = request.ClientId ?? caller.Id;
        if (await participants.Refused(caller, offering, request.TrainerId, client, ct) is { } refused) return refused;

        var sessions = request.Sessions(offering, client);
        if (sessions[0].Malformed(request.RoomId) is { } malformed) return malformed;
        var outsideHours = request.OutsideHours && caller.IsStaffFor(request.TrainerId);
        var survey = await studio.InTransaction(tx => Survey.Of(tx, sessions, outsideHours, clock.GetUtcNow()), ct);
        return TypedResults.Ok(new Response(
            offering.TimeZone, [.. SeriesRequest.Place(sessions, survey, outsideHours, clock.GetUtcNow()).Select(occurrence => occurrence.View)]));
    }
}
