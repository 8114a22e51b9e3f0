using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Availability;
using FitFlow.Scheduling.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace FitFlow.Scheduling.Features.Calendars;

/// A day, week or month of the studio, of a trainer, a room or a client, by the studio's clock. All of it at once: a calendar has no second page.
internal static class ShowCalendar
{
    /// Beyond it nobody looks at each, and the page would be slow for all.
    private const int Most = 5_000;

    public sealed record Query(
        [StringLength(10)] string? View, [StringLength(10)] string? Date, [FromQuery(Name = "trainer_id")] Guid? TrainerId, [FromQuery(Name = "room_id")] Guid? RoomId,
        [FromQuery(Name = "client_id")] Guid? ClientId, bool? Cancelled);

    /// The days are those of a trainer's calendar; of any other there are none.
    public sealed record Response(
        CalendarSpan View, string TimeZone, string FirstDate, string LastDate, DateTimeOffset StartsAt, DateTimeOffset EndsAt, IReadOnlyList<CalendarEntry> Entries,
        IReadOnlyList<ShadedDay> Days);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        [AsParameters] Query query, Caller caller, Db db, StudioRows studios, People.People people, TimeProvider clock, CancellationToken ct)
    {
        if ((query.View is null ? CalendarSpan.Week : Words.Named<CalendarSpan>(query.View)) is not { } span) return Problems.Invalid("view", "is day, week or month");
        if (query.Date is { } text && LocalText.Date(text) is null) return Problems.Invalid("date", LocalText.NoDate);
        if (await CalendarSight.Of(new CalendarSight(query.ClientId, query.TrainerId, query.RoomId), caller, people, ct) is not { } sight) return NotYours();
        if (await studios.Find(caller, ct) is not { } here) return Problems.NotFound("studios.unknown", "There is no such studio.");

        var (zone, now) = (here.Zone, clock.GetUtcNow());
        var (first, last) = span.Around(query.Date is { } date ? LocalText.Date(date)!.Value : Instant.FromDateTimeOffset(now).InZone(zone).Date);
        var period = (From: zone.Day(first).Start.ToDateTimeOffset(), Until: zone.Day(last).End.ToDateTimeOffset());
        var studio = db.ForTenant(caller.Studio);
        var rows = await CalendarRows.Read(studio, sight, period, query.Cancelled == true, Most + 1, now, ct);
        if (rows.Count > Most) return TooMuch();

        CalendarRow[] seen = [.. rows.Select(row => sight.Seen(row, caller.Id))];
        var names = await people.Names(caller.Studio, [.. seen.SelectMany(row => row.People).Distinct()], ct);
        IReadOnlyList<ShadedDay> days = sight is { Client: null, Room: null, Trainer: { } trainer }
            ? ShadedDay.Of(await Diaries.Hours(studio, trainer, first, last, ct), first, last, zone)
            : [];
        return TypedResults.Ok(new Response(
            span, here.TimeZone, LocalText.Of(first), LocalText.Of(last), period.From, period.Until, [.. seen.Select(row => CalendarEntry.Of(row, zone, names))], days));
    }

    private static ProblemHttpResult NotYours() =>
        Problems.Forbidden("calendar.not_yours", "You see your own calendar, that of those whom you train, and, if you train here, when a room is taken.");

    private static ProblemHttpResult TooMuch() =>
        Problems.Conflict("calendar.too_much", $"There are more than {Most} sessions in it: ask for a trainer, a room or a shorter time.", ("most", Most));
}
