using MassTransit;

namespace FitFlow.Contracts.Scheduling;

/// <summary>A class is near. Told once to each who has a seat for each of the distances, and not if they left, or it was cancelled or moved before.</summary>
[EntityName("class.reminder")]
public sealed record ClassReminder(
    Guid ClassId, Guid ClientId, Guid TrainerId, Guid StudioId, DateOnly ClassDate, TimeOnly StartTime, int HoursUntil, DateTimeOffset StartsAt) : Event
{
    protected override Guid About => ClassId;
}
