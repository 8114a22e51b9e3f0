using FitFlow.Scheduling.Features.Bookings;

namespace FitFlow.Scheduling.Features.Series;

/// Why one of many dates cannot be had.
internal enum Hindrance
{
    SlotTaken,
    ClientBusy,
    OutsideHours,
    InThePast,
    TooSoon,
    TooFar,
    TooLate,
}

/// One date of a series: what it would take, and what is in the way.
internal sealed record Occurrence(PlannedSession Session, Hindrance? Hindrance)
{
    public bool IsFree => Hindrance is null;

    public OccurrenceView View => new(Session.StartsAt, Session.EndsAt, Session.RoomId, IsFree, Hindrance);
}

internal sealed record OccurrenceView(DateTimeOffset StartsAt, DateTimeOffset EndsAt, Guid? RoomId, bool IsFree, Hindrance? Hindrance);
