using MassTransit;

namespace FitFlow.Contracts.Scheduling;

/// <summary>
/// A seat is free so shortly before the class that nobody is moved up any more: of <paramref name="ClientIds"/>, who wait in the line, it is theirs
/// who takes it first.
/// </summary>
[EntityName("class.seat_opened")]
public sealed record ClassSeatOpened(
    Guid ClassId, Guid TrainerId, Guid StudioId, DateOnly ClassDate, TimeOnly StartTime, DateTimeOffset StartsAt, int SeatsLeft,
    IReadOnlyList<Guid> ClientIds) : Event
{
    protected override Guid About => ClassId;
}
