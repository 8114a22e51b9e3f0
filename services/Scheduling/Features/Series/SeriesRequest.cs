using System.ComponentModel.DataAnnotations;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Recurring;
using FitFlow.Scheduling.Features.SessionTypes;

namespace FitFlow.Scheduling.Features.Series;

/// The same session again and again.
internal sealed record SeriesRequest(
    Guid SessionTypeId, Guid TrainerId, [Required] Recurrence Recurrence, Guid? ClientId = null, Guid? RoomId = null, bool OutsideHours = false)
{
    public IReadOnlyList<PlannedSession> Sessions(Offering offering, Guid client) =>
        [.. Recurrence.In(offering.Zone).Select(at => new PlannedSession(offering, TrainerId, client, RoomId, at))];

    /// Each date by itself: one that cannot be had does not sink the others.
    public static IReadOnlyList<Occurrence> Place(IReadOnlyList<PlannedSession> sessions, Survey survey, bool outsideHours, DateTimeOffset now)
    {
        var placed = new List<Occurrence>(sessions.Count);
        foreach (var session in sessions)
        {
            var hindrance = outsideHours ? null : Untimely(session, now);
            placed.Add(hindrance is null
                ? survey.Place(session, besides: [.. placed.Where(before => before.IsFree).Select(before => before.Session)])
                : new Occurrence(session, hindrance));
        }

        return placed;
    }

    public static Hindrance? Untimely(PlannedSession session, DateTimeOffset now) => session switch
    {
        _ when session.StartsAt < now => Hindrance.InThePast,
        _ when session.StartsAt < now.AddMinutes(session.Offering.NoticeMinutes) => Hindrance.TooSoon,
        _ when session.StartsAt > now.AddDays(session.Offering.HorizonDays) => Hindrance.TooFar,
        _ => null,
    };
}
