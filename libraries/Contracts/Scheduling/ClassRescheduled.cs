using MassTransit;

namespace FitFlow.Contracts.Scheduling;

/// <summary>The class is at another time, or with another trainer. <paramref name="ClientIds"/> have a seat, an offer or a place in the line.</summary>
[EntityName("class.rescheduled")]
public sealed record ClassRescheduled(
    Guid ClassId, Guid TrainerId, Guid StudioId, DateOnly OldDate, TimeOnly OldStartTime, DateOnly NewDate, TimeOnly NewStartTime, Guid OldTrainerId,
    DateTimeOffset OldStartsAt, DateTimeOffset StartsAt, DateTimeOffset EndsAt, Guid? RoomId, IReadOnlyList<Guid> ClientIds) : Event
{
    protected override Guid About => ClassId;
}
