using FitFlow.Data;
using FitFlow.Scheduling.Features.SessionTypes;
using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

internal sealed record FreeSlot(DateTimeOffset StartsAt, DateTimeOffset EndsAt, IReadOnlyList<Guid> TrainerIds);

internal sealed class Slots
{
    public Task<IReadOnlyList<FreeSlot>> Nearest(Offering offering, Guid? trainer, DateTimeOffset around, CancellationToken ct) => throw new InvalidOperationException();

    public Task<IReadOnlyList<Guid>> FreeTrainers(Offering offering, DateTimeOffset startsAt, CancellationToken ct) => throw new InvalidOperationException();
}

internal static class WorkingHours
{
    public static Task<bool> Cover(Transaction tx, Offering offering, Guid trainer, Instant start, Instant end) => throw new InvalidOperationException();
}
