using MassTransit;

namespace FitFlow.Contracts.Scheduling;

[EntityName("class.scheduled")]
public sealed record ClassScheduled(
    Guid ClassId, Guid? SeriesId, Guid SessionTypeId, Guid TrainerId, Guid StudioId, Guid? RoomId, DateOnly ClassDate, TimeOnly StartTime, TimeOnly EndTime,
    int Capacity, DateTimeOffset StartsAt, DateTimeOffset EndsAt) : Event
{
    protected override Guid About => ClassId;
}
