using MassTransit;

namespace FitFlow.Contracts.Scheduling;

/// <summary>The session is at another time, or with another trainer.</summary>
[EntityName("booking.rescheduled")]
public sealed record BookingRescheduled(
    Guid BookingId, Guid ClientId, Guid TrainerId, Guid StudioId, DateOnly OldDate, TimeOnly OldStartTime, DateOnly NewDate, TimeOnly NewStartTime,
    Guid OldTrainerId, DateTimeOffset OldStartsAt, DateTimeOffset StartsAt, DateTimeOffset EndsAt) : Event
{
    protected override Guid About => BookingId;
}
