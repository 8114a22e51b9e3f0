using MassTransit;

namespace FitFlow.Contracts.Scheduling;

/// <summary>The trainer's hours in this studio are not what they were.</summary>
[EntityName("availability.changed")]
public sealed record AvailabilityChanged(
    Guid TrainerId, Guid StudioId) : Event
{
    protected override Guid About => TrainerId;
}
