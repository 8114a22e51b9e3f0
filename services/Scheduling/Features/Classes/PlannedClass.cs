using FitFlow.Scheduling.Features.Busy;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Classes;

/// A class that somebody wants: what, with whom, where and when, and what of that it takes. Its clients' time is their own matter.
internal sealed record PlannedClass(Offering Offering, Guid TrainerId, Guid? RoomId, DateTimeOffset StartsAt, TimeSpan Length)
{
    public DateTimeOffset EndsAt => StartsAt + Length;

    public Taking OfTrainer => Around(TrainerId);

    public Taking? OfRoom => RoomId is { } room ? Around(room) : null;

    public IReadOnlyList<Taking> Takings => OfRoom is { } room ? [OfTrainer, room] : [OfTrainer];

    /// The named room; else each that there is.
    public IEnumerable<PlannedClass> InEachRoom() =>
        RoomId is not null || Offering.RoomIds.Count == 0 ? [this] : Offering.RoomIds.Select(room => this with { RoomId = room });

    /// What is wrong with it as it was asked for.
    public ProblemHttpResult? Malformed() => this switch
    {
        _ when StartsAt.Ticks % TimeSpan.TicksPerMinute != 0 => Problems.Invalid("starts_at", "is a whole minute"),
        _ when StartsAt.Year is < 2000 or > 2200 => Problems.Invalid("starts_at", "is no time to meet"),
        _ when RoomId is { } named && !Offering.RoomIds.Contains(named) => Problems.Invalid("room_id", "is no room of this session"),
        _ => null,
    };

    private Taking Around(Guid resource) => new(resource, StartsAt - Offering.BufferBefore, EndsAt + Offering.BufferAfter);
}
