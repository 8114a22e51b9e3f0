using System.Security.Cryptography;
using System.Text;
using FitFlow.Data;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;
using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

/// When something can be had, and from whom. What is only shown may be some seconds old; what a booking hangs on is read anew.
internal sealed class Slots(Db db, Cache cache, Givers givers, TimeProvider clock)
{
    private const int Alternatives = 3;

    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(10);

    /// How many days to both sides alternatives are looked for, first and then.
    private static readonly int[] Around = [3, 14];

    /// Free times on these days; none for days on which nothing can be booked in any case.
    public async Task<FreeTimes> Find(Offering offering, IReadOnlyList<Guid> trainers, LocalDate first, LocalDate last, CancellationToken ct)
    {
        (first, last) = Bookable(offering, first, last);
        if (first > last || trainers.Count == 0) return FreeTimes.None;
        return await cache.GetOrAdd(
            $"slots:{offering.Studio}:{offering.Id}:{NameOf(trainers)}:{first:uuuu-MM-dd}:{last:uuuu-MM-dd}", GoodFor,
            stop => Read(offering, trainers, first, last, stop), ct,
            [SlotCache.TagOfStudio(offering.Studio), .. trainers.Concat(offering.RoomIds).Select(SlotCache.TagOf)]);
    }

    /// The free slots nearest to a time, before or after it: with this trainer, then with any.
    public async Task<IReadOnlyList<FreeSlot>> Nearest(Offering offering, Guid? trainer, DateTimeOffset around, CancellationToken ct)
    {
        var all = await givers.Of(offering, ct);
        var nearest = trainer is { } one && all.Contains(one) ? await Nearest(offering, [one], around, ct) : [];
        if (nearest.Count == Alternatives) return nearest;

        var others = await Nearest(offering, all, around, ct);
        return [.. nearest.Concat(others.Where(slot => nearest.All(own => own.StartsAt != slot.StartsAt))).Take(Alternatives)];
    }

    /// Who is free at exactly that time, and a room with them; who has least to do that day comes first.
    public async Task<IReadOnlyList<Guid>> FreeTrainers(Offering offering, DateTimeOffset startsAt, CancellationToken ct)
    {
        var session = offering.Shape().SessionAt(Instant.FromDateTimeOffset(startsAt));
        var date = session.Start.InZone(offering.Zone).Date;
        var (first, last, day) = (date, session.End.InZone(offering.Zone).Date, offering.Zone.Day(date));
        var trainers = await givers.Of(offering, ct);
        var diaries = await ReadDiaries(offering, trainers, first, last, ct);
        if (FreeTimes.Roomless(offering.RoomIds, diaries, offering.Shape()).Contains(session.Start)) return [];

        return
        [
            .. from trainer in trainers
               let diary = diaries.Of(trainer)
               where diary.Hours.Between(first, last, offering.Zone).Contains(session)
                   && !SlotLattice.Barred(diary.Busy, offering.Shape()).Contains(session.Start)
               orderby diary.Busy.Count(day.Overlaps), trainer
               select trainer,
        ];
    }

    private async Task<IReadOnlyList<FreeSlot>> Nearest(Offering offering, IReadOnlyList<Guid> trainers, DateTimeOffset around, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var date = Today(offering, around < now ? now : around);
        IReadOnlyList<FreeSlot> nearest = [];
        foreach (var days in Around)
        {
            var (first, last) = Bookable(offering, date.PlusDays(-days), date.PlusDays(days));
            if (first > last || trainers.Count == 0) break;
            var times = await Read(offering, trainers, first, last, ct);
            nearest =
            [
                .. times.Bookable(offering, now).OrderBy(slot => (slot.StartsAt - around).Duration()).ThenBy(slot => slot.StartsAt).Take(Alternatives),
            ];
            if (nearest.Count == Alternatives) break;
        }

        return nearest;
    }

    private async Task<FreeTimes> Read(Offering offering, IReadOnlyList<Guid> trainers, LocalDate first, LocalDate last, CancellationToken ct) =>
        FreeTimes.Find(offering, trainers, await ReadDiaries(offering, trainers, first.PlusDays(-1), last.PlusDays(1), ct), first, last);

    private Task<Diaries> ReadDiaries(Offering offering, IReadOnlyList<Guid> trainers, LocalDate first, LocalDate last, CancellationToken ct) =>
        Diaries.Read(
            db.ForTenant(offering.Studio),
            new Diaries.Ask(trainers, offering.RoomIds, offering.Zone, first, last, offering.BufferBefore + offering.Length + offering.BufferAfter),
            clock.GetUtcNow(), ct);

    private (LocalDate First, LocalDate Last) Bookable(Offering offering, LocalDate first, LocalDate last)
    {
        var now = clock.GetUtcNow();
        return (LocalDate.Max(first, Today(offering, now)), LocalDate.Min(last, Today(offering, now.AddDays(offering.HorizonDays))));
    }

    private static LocalDate Today(Offering offering, DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(offering.Zone).Date;

    private static string NameOf(IReadOnlyList<Guid> trainers) => trainers is [var one]
        ? one.ToString()
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(',', trainers))).AsSpan(0, 16));
}

internal static class Offerings
{
    public static SlotShape Shape(this Offering offering) =>
        SlotShape.Of(offering.Minutes, offering.BufferBeforeMinutes, offering.BufferAfterMinutes, offering.SlotStepMinutes);
}
