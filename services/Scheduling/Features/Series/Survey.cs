using FitFlow.Data;
using FitFlow.Scheduling.Features.Availability;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Busy;
using NodaTime;
using Interval = FitFlow.Scheduling.Features.Availability.Interval;

namespace FitFlow.Scheduling.Features.Series;

/// Looks at many dates of the same people in two questions: what is taken, and when the trainer works.
internal sealed record Survey(IReadOnlyList<BusyTime> Busy, Intervals? Hours)
{
    /// Of these sessions with whatever room they could be in. With no hours asked for, none bind.
    public static async Task<Survey> Of(Transaction tx, IReadOnlyList<PlannedSession> sessions, bool outsideHours, DateTimeOffset now)
    {
        var takings = sessions.SelectMany(InEachRoom).SelectMany(session => session.Takings).ToList();
        var busy = await Features.Busy.Busy.Of(
            tx, takings.Select(taking => taking.Resource), takings.Min(taking => taking.From), takings.Max(taking => taking.Until), now);
        if (outsideHours) return new Survey(busy, Hours: null);

        var (any, zone) = (sessions[0], sessions[0].Offering.Zone);
        var first = PlannedSession.LocalOf(zone, sessions.Min(session => session.StartsAt)).Date;
        var last = PlannedSession.LocalOf(zone, sessions.Max(session => session.EndsAt)).Date;
        var hours = await Diaries.Hours(tx, any.TrainerId, first, last);
        return new Survey(busy, hours.Between(first, last, zone));
    }

    /// The session in the first room that is free, or what is in its way. What <paramref name="leaving"/> takes now is not.
    public Occurrence Place(PlannedSession session, IReadOnlySet<Guid>? leaving = null, IReadOnlyList<PlannedSession>? besides = null)
    {
        var taken = Busy.Where(time => leaving?.Contains(time.SourceId) != true)
            .Concat((besides ?? []).SelectMany(other => other.Takings).Select(taking => new BusyTime(taking.Resource, taking.From, taking.Until, Guid.Empty)))
            .ToList();
        var candidates = InEachRoom(session).Select(candidate => (Session: candidate, Obstacle: candidate.ObstacleAmong(taken))).ToList();
        var (placed, obstacle) = candidates.Find(candidate => candidate.Obstacle is null) is { Session: not null } free ? free : candidates[^1];
        if (obstacle is { } inTheWay) return new Occurrence(placed, Enum.Parse<Hindrance>(inTheWay.ToString()));

        var hours = new Interval(Instant.FromDateTimeOffset(placed.StartsAt), Instant.FromDateTimeOffset(placed.EndsAt));
        return new Occurrence(placed, Hours?.Contains(hours) == false ? Hindrance.OutsideHours : null);
    }

    private static IEnumerable<PlannedSession> InEachRoom(PlannedSession session) => session.RoomId is not null || session.Offering.RoomIds.Count == 0
        ? [session]
        : session.Offering.RoomIds.Select(room => session with { RoomId = room });
}
