using FitFlow.Scheduling.Features.Busy;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace FitFlow.Scheduling.Features.Bookings;

/// A session that somebody wants: what, with whom, where and when, and what of that it takes.
internal sealed record PlannedSession(Offering Offering, Guid TrainerId, Guid ClientId, Guid? RoomId, DateTimeOffset StartsAt)
{
    public DateTimeOffset EndsAt => StartsAt + Offering.Length;

    /// The deadlines that are promised with it.
    public DateTimeOffset CancelFreeUntil => StartsAt.AddMinutes(-Offering.FreeCancelMinutes);

    public DateTimeOffset CancelUntil => StartsAt.AddMinutes(-Offering.RefuseCancelMinutes);

    public IEnumerable<Guid> Resources => RoomId is { } room ? [TrainerId, ClientId, room] : [TrainerId, ClientId];

    /// The trainer and the room are taken for what it needs before and after, too.
    public IReadOnlyList<Taking> Takings
    {
        get
        {
            var (from, until) = (StartsAt - Offering.BufferBefore, EndsAt + Offering.BufferAfter);
            Taking[] people = [new(TrainerId, from, until), new(ClientId, StartsAt, EndsAt)];
            return RoomId is { } room ? [.. people, new(room, from, until)] : people;
        }
    }

    public LocalDateTime LocalStart => LocalOf(Offering.Zone, StartsAt);

    public static LocalDateTime LocalOf(DateTimeZone zone, DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(zone).LocalDateTime;

    /// What is wrong with it as it was asked for.
    public ProblemHttpResult? Malformed(Guid? room) => this switch
    {
        _ when StartsAt.Ticks % TimeSpan.TicksPerMinute != 0 => Problems.Invalid("starts_at", "is a whole minute"),
        _ when StartsAt.Year is < 2000 or > 2200 => Problems.Invalid("starts_at", "is no time to meet"),
        _ when room is { } named && !Offering.RoomIds.Contains(named) => Problems.Invalid("room_id", "is no room of this session"),
        _ => null,
    };

    /// Why a client cannot have it at that time, whoever else does; null when they can.
    public ProblemHttpResult? Untimely(DateTimeOffset now) => this switch
    {
        _ when StartsAt < now => Problems.Conflict("bookings.in_the_past", "This time is over."),
        _ when StartsAt < now.AddMinutes(Offering.NoticeMinutes) =>
            Problems.Conflict("bookings.too_soon", $"Book at least {Offering.NoticeMinutes} minutes ahead.", ("notice_minutes", Offering.NoticeMinutes)),
        _ when StartsAt > now.AddDays(Offering.HorizonDays) =>
            Problems.Conflict("bookings.too_far", $"Bookings open {Offering.HorizonDays} days ahead.", ("horizon_days", Offering.HorizonDays)),
        _ => null,
    };
}
