using MassTransit;

namespace FitFlow.Contracts.Scheduling;

/// <summary>The session took place. What the trainer noted is fetched from Scheduling by who may read it.</summary>
[EntityName("booking.completed")]
public sealed record BookingCompleted(
    Guid BookingId, Guid ClientId, Guid TrainerId, Guid StudioId, DateOnly WorkoutDate, TimeOnly StartTime, TimeOnly EndTime, int DurationMinutes,
    DateTimeOffset StartsAt) : Event
{
    protected override Guid About => BookingId;
}
