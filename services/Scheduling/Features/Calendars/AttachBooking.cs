using System.ComponentModel.DataAnnotations;
using System.Text;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FitFlow.Scheduling.Features.Calendars;

/// One session as a file that a calendar opens: for oneself, or for the letter that somebody gets about it.
internal static class AttachBooking
{
    private sealed record Surroundings(string TimeZone, string SessionTypeName, string? RoomName, DateTimeOffset UpdatedAt);

    public static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Handle(
        Guid id, [FromQuery(Name = "for"), RegularExpression("client|trainer")] string? reader, Caller caller, Db db,
        People.People people, Languages languages, CancellationToken ct)
    {
        var studio = db.ForTenant(caller.Studio);
        if (await Booking.Find(studio, id, ct) is not { } booking || !caller.MaySee(booking)) return Booking.Unknown();

        var part = Words.Named<Part>(reader) ?? (!caller.IsService && caller.Id == booking.TrainerId ? Part.Trainer : Part.Client);
        var row = await Row(studio, booking, part, ct);
        var recipient = part == Part.Client ? booking.ClientId : booking.TrainerId;
        var names = await PersonalNames.Find(recipient, [row], people, ct);
        var calendar = ICalendar.Sent(FeedEvents.Of(row, names, await languages.Of(recipient, ct)) with { Invitation = (booking.StudioId, recipient) });
        return TypedResults.Bytes(Encoding.UTF8.GetBytes(calendar), ICalendar.MediaType, fileDownloadName: "fitflow.ics");
    }

    private static async Task<PersonalRow> Row(DbScope studio, Booking booking, Part part, CancellationToken ct)
    {
        var around = (await studio.QueryOne<Surroundings>(
            """
            SELECT s.time_zone, t.name AS session_type_name, r.name AS room_name, b.updated_at
            FROM bookings b
            JOIN studios s
            JOIN session_types t ON t.id = b.session_type_id
            LEFT JOIN rooms r ON r.id = b.room_id
            WHERE b.id = @Id
            """, new { booking.Id }, ct))!;
        return new PersonalRow(
            part, EntryKind.Booking, booking.StudioId, around.TimeZone, booking.Id, booking.SeriesId, booking.ClientId, booking.TrainerId, booking.SessionTypeId,
            around.SessionTypeName, booking.RoomId, around.RoomName, booking.StartsAt, booking.EndsAt, booking.Status.Word(), Enrolment: null, booking.Version,
            around.UpdatedAt);
    }
}
