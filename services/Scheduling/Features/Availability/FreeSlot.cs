namespace FitFlow.Scheduling.Features.Availability;

/// A session that could be had, and with whom.
internal sealed record FreeSlot(DateTimeOffset StartsAt, DateTimeOffset EndsAt, IReadOnlyList<Guid> TrainerIds);
