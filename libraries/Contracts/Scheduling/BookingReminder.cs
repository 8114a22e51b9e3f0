using MassTransit;

namespace FitFlow.Contracts.Scheduling;

/// <summary>A session is near. Told once for each of the studio's distances, and not if it was cancelled or moved before.</summary>
[EntityName("booking.reminder")]
public sealed record BookingReminder(
    Guid BookingId, Guid ClientId, Guid TrainerId, Guid StudioId, DateOnly BookingDate, TimeOnly StartTime, int HoursUntil, DateTimeOffset StartsAt) : Event
{
    protected override Guid About => BookingId;
}
