using MassTransit;

namespace FitFlow.Contracts.Scheduling;

/// <summary>A session is agreed on. <paramref name="BookingDate"/> and the times beside it are by the studio's clock.</summary>
[EntityName("booking.created")]
public sealed record BookingCreated(
    Guid BookingId, Guid ClientId, Guid TrainerId, Guid StudioId, DateOnly BookingDate, TimeOnly StartTime, TimeOnly EndTime, string Type,
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, Guid SessionTypeId, Guid? RoomId, Guid? SeriesId) : Event
{
    protected override Guid About => BookingId;
}
