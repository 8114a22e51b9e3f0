using MassTransit;

namespace FitFlow.Contracts.Scheduling;

/// <summary>Somebody in the line has the seat, or is offered it until <paramref name="OfferedUntil"/>.</summary>
[EntityName("class.promoted")]
public sealed record ClassPromoted(
    Guid ClassId, Guid EnrolmentId, Guid ClientId, Guid TrainerId, Guid StudioId, DateOnly ClassDate, TimeOnly StartTime, DateTimeOffset StartsAt,
    DateTimeOffset? OfferedUntil) : Event
{
    protected override Guid About => ClassId;
}
