using MassTransit;

namespace FitFlow.Contracts.Scheduling;

[EntityName("class.enrolled")]
public sealed record ClassEnrolled(
    Guid ClassId, Guid EnrolmentId, Guid ClientId, Guid TrainerId, Guid StudioId, DateOnly ClassDate, TimeOnly StartTime, DateTimeOffset StartsAt) : Event
{
    protected override Guid About => ClassId;
}
