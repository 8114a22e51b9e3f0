using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

/// A slot as the studio's clock shows it. Of an hour that is there twice, the offset tells which one it is.
internal sealed record SlotView(DateTimeOffset StartsAt, DateTimeOffset EndsAt, string StartsLocal, string UtcOffset, IReadOnlyList<Guid> TrainerIds)
{
    public static SlotView Of(FreeSlot slot, DateTimeZone zone)
    {
        var local = LocalOf(slot, zone);
        return new SlotView(slot.StartsAt, slot.EndsAt, local.ToString("HH:mm"), local.ToString("zzz"), slot.TrainerIds);
    }

    public static DateOnly DateOf(FreeSlot slot, DateTimeZone zone) => DateOnly.FromDateTime(LocalOf(slot, zone).DateTime);

    private static DateTimeOffset LocalOf(FreeSlot slot, DateTimeZone zone) => slot.StartsAt.ToOffset(zone.GetUtcOffset(Instant.FromDateTimeOffset(slot.StartsAt)).ToTimeSpan());
}
