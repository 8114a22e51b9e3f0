using MassTransit;

namespace FitFlow.Contracts.Scheduling;

[EntityName("class.waitlisted")]
public sealed record ClassWaitlisted(
    Guid ClassId, Guid EnrolmentId, Guid ClientId, Guid TrainerId, Guid StudioId, DateOnly ClassDate, TimeOnly StartTime, DateTimeOffset StartsAt, int Position) : Event
{
    protected override Guid About => ClassId;
}
