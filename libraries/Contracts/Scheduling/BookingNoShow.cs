using MassTransit;

namespace FitFlow.Contracts.Scheduling;

/// <summary>The client did not come.</summary>
[EntityName("booking.no_show")]
public sealed record BookingNoShow(
    Guid BookingId, Guid ClientId, Guid TrainerId, Guid StudioId, DateOnly BookingDate, TimeOnly StartTime, DateTimeOffset StartsAt) : Event
{
    protected override Guid About => BookingId;
}
