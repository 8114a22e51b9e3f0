using MassTransit;

namespace FitFlow.Contracts.Scheduling;

/// <summary>The reason is one of a list; <paramref name="Outcome"/> says what it means for money: free or late.</summary>
[EntityName("booking.cancelled")]
public sealed record BookingCancelled(
    Guid BookingId, Guid ClientId, Guid TrainerId, Guid StudioId, string CancellationReason, Guid CancelledBy, string Outcome,
    DateOnly BookingDate, TimeOnly StartTime, DateTimeOffset StartsAt) : Event
{
    protected override Guid About => BookingId;
}
