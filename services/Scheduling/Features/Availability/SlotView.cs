using System.Text.Json.Serialization;
using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

/// A slot as the studio's clock shows it. Of an hour that is there twice, the offset tells which one it is.
internal sealed record SlotView(
    [property: JsonIgnore] DateOnly Date, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string StartsLocal, string UtcOffset,
    IReadOnlyList<Guid> TrainerIds)
{
    public static SlotView Of(FreeSlot slot, DateTimeZone zone)
    {
        var local = slot.StartsAt.ToOffset(zone.GetUtcOffset(Instant.FromDateTimeOffset(slot.StartsAt)).ToTimeSpan());
        return new SlotView(
            DateOnly.FromDateTime(local.DateTime), slot.StartsAt, slot.EndsAt, local.ToString("HH:mm"), local.ToString("zzz"), slot.TrainerIds);
    }
}
