using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Series;

/// All dates that can be had, in one transaction; the others are named with what was in their way.
internal static class BookSeries
{
    public sealed record Response(Guid Id, string TimeZone, IReadOnlyList<BookingView> Booked, IReadOnlyList<OccurrenceView> Skipped);

    public static async Task<Results<Created<Response>, ProblemHttpResult>> Handle(
        SeriesRequest request, Caller caller, Db db, Participants participants, BookingRows rows, TimeProvider clock, CancellationToken ct)
    {
        var studio = db.ForTenant(caller.Studio);
        if (await Offering.Find(studio, request.SessionTypeId, ct) is not { } offering) return SessionType.Unknown();
        var client = request.ClientId ?? caller.Id;
        if (await participants.Refused(caller, offering, request.TrainerId, client, ct) is { } refused) return refused;

        var sessions = request.Sessions(offering, client);
        if (sessions[0].Malformed(request.RoomId) is { } malformed) return malformed;
        var outsideHours = request.OutsideHours && caller.IsStaffFor(request.TrainerId);
        return await studio.InTransaction<Results<Created<Response>, ProblemHttpResult>>(async tx =>
        {
            var now = clock.GetUtcNow();
            await Busy.Busy.Lock(tx, sessions[0].Resources.Concat(offering.RoomIds));
            var survey = await Survey.Of(tx, sessions, outsideHours, now);
            var placed = SeriesRequest.Place(sessions, survey, outsideHours, now);
            OccurrenceView[] skipped = [.. placed.Where(occurrence => !occurrence.IsFree).Select(occurrence => occurrence.View)];
            if (skipped.Length == placed.Count)
                return Problems.Conflict("series.nothing_free", "None of these dates can be had.", ("occurrences", skipped));

            var id = Guid.CreateVersion7(now);
            await Write(tx, id, request, client, caller.Id, now);
            var booked = new List<BookingView>();
            foreach (var occurrence in placed.Where(occurrence => occurrence.IsFree))
                booked.Add(BookingView.Of(await rows.Add(tx, occurrence.Session, caller.Id, id)));
            return TypedResults.Created($"/api/v1/bookings/series/{id}", new Response(id, offering.TimeZone, booked, skipped));
        }, ct);
    }

    private static Task Write(Transaction tx, Guid id, SeriesRequest request, Guid client, Guid by, DateTimeOffset now) => tx.Execute(
        """
        INSERT INTO booking_series (
            tenant_id, id, owner_id, trainer_id, session_type_id, starts_on, starts, every_weeks, days, occurrences, booked_by, booked_at)
        VALUES (@Studio, @Id, @Client, @TrainerId, @SessionTypeId, @StartsOn, @Starts, @EveryWeeks, @Days, @Occurrences, @By, @Now)
        """,
        new
        {
            Studio = tx.Tenant,
            id,
            client,
            request.TrainerId,
            request.SessionTypeId,
            request.Recurrence.StartsOn,
            request.Recurrence.Starts,
            request.Recurrence.EveryWeeks,
            Days = Sql.Json(request.Recurrence.Days),
            request.Recurrence.Occurrences,
            by,
            now,
        });
}
