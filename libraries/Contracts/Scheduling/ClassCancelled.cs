using MassTransit;

namespace FitFlow.Contracts.Scheduling;

/// <summary>The class does not take place. <paramref name="ClientIds"/> had a seat, an offer or a place in the line.</summary>
[EntityName("class.cancelled")]
public sealed record ClassCancelled(
    Guid ClassId, Guid TrainerId, Guid StudioId, DateOnly ClassDate, TimeOnly StartTime, DateTimeOffset StartsAt, string CancellationReason,
    IReadOnlyList<Guid> ClientIds) : Event
{
    protected override Guid About => ClassId;
}
