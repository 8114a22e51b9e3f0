using FitFlow.Scheduling.Features.Availability;
using FitFlow.Scheduling.Features.Bookings;
using NodaTime;

namespace FitFlow.Scheduling.Features.Calendars;

internal enum EntryKind
{
    Booking,
    Class,

    /// A session that is none of the caller's business, but for its being there.
    Taken,

    /// Time of the trainer that something else takes, here or in another studio.
    Busy,
}

/// What is in a calendar, as it is stored. The status is a booking's or a class's; the place is the client's in the class.
internal sealed record CalendarRow(
    EntryKind Kind, Guid? Id, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string? Status, Guid? TrainerId, Guid? ClientId, Guid? SessionTypeId,
    string? SessionTypeName, Guid? RoomId, string? RoomName, Guid? SeriesId, int? Capacity, int? SeatsTaken, string? Enrolment)
{
    public IEnumerable<Guid> People => new[] { TrainerId, ClientId }.OfType<Guid>();

    /// With nothing but when and where.
    public CalendarRow Masked() => new(EntryKind.Taken, null, StartsAt, EndsAt, null, null, null, null, null, RoomId, RoomName, null, null, null, null);
}

/// The same as it is shown: by the studio's clock, with names. A name is null while Identity cannot be asked.
internal sealed record CalendarEntry(
    EntryKind Kind, string Date, string StartsLocal, string EndsLocal, DateTimeOffset StartsAt, DateTimeOffset EndsAt, Guid? Id, string? Status, Guid? TrainerId,
    string? TrainerName, Guid? ClientId, string? ClientName, Guid? SessionTypeId, string? SessionTypeName, Guid? RoomId, string? RoomName, Guid? SeriesId,
    int? Capacity, int? SeatsTaken, string? Enrolment)
{
    public static CalendarEntry Of(CalendarRow row, DateTimeZone zone, IReadOnlyDictionary<Guid, string?> names)
    {
        var (starts, ends) = (PlannedSession.LocalOf(zone, row.StartsAt), PlannedSession.LocalOf(zone, row.EndsAt));
        return new CalendarEntry(
            row.Kind, LocalText.Of(starts.Date), LocalText.Of(starts), LocalText.Of(ends), row.StartsAt, row.EndsAt, row.Id, row.Status, row.TrainerId,
            Name(row.TrainerId), row.ClientId, Name(row.ClientId), row.SessionTypeId, row.SessionTypeName, row.RoomId, row.RoomName, row.SeriesId, row.Capacity,
            row.SeatsTaken, row.Enrolment);

        string? Name(Guid? person) => person is { } id ? names.GetValueOrDefault(id) : null;
    }
}
