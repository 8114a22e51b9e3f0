using FitFlow.Scheduling.Features.SessionTypes;
using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

/// All times at which sessions of one type can begin on some days, whoever asks and whenever: notice and horizon are left to those who show them.
/// It is kept as it is found: each time in seconds since 1970, and in its lowest bits the place of a trainer in the list, in order.
internal sealed record FreeTimes(IReadOnlyList<Guid> Trainers, IReadOnlyList<long> Found)
{
    private const int TrainerBits = 16;

    public static FreeTimes None { get; } = new([], []);

    public static FreeTimes Find(Offering offering, IReadOnlyList<Guid> trainers, Diaries diaries, LocalDate first, LocalDate last)
    {
        var shape = offering.Shape();
        var days = Enumerable.Range(-1, Period.DaysBetween(first, last) + 2).Select(day => offering.Zone.Day(first.PlusDays(day))).ToArray();
        var roomless = Roomless(offering.RoomIds, diaries, shape);

        var (found, starts) = (new List<long>(), new List<Instant>());
        for (var trainer = 0; trainer < trainers.Count; trainer++)
        {
            var diary = diaries.Of(trainers[trainer]);
            var hours = diary.Hours.Between(first.PlusDays(-1), last.PlusDays(1), offering.Zone);
            if (hours.IsEmpty) continue;

            starts.Clear();
            var barred = SlotLattice.Barred(diary.Busy, shape).Union(roomless);
            for (var day = 1; day < days.Length; day++) SlotLattice.AddStarts(starts, hours, barred, days[day], days[day - 1].Start, shape);
            foreach (var start in starts) found.Add((start.ToUnixTimeSeconds() << TrainerBits) | (long)trainer);
        }

        found.Sort();
        return new FreeTimes(trainers, found);
    }

    /// What can be booked, for who asks now.
    public IEnumerable<FreeSlot> Bookable(Offering offering, DateTimeOffset now)
    {
        var (earliest, latest) = (now.AddMinutes(offering.NoticeMinutes), now.AddDays(offering.HorizonDays));
        for (int i = 0, next; i < Found.Count; i = next)
        {
            var at = Found[i] >> TrainerBits;
            for (next = i + 1; next < Found.Count && Found[next] >> TrainerBits == at; next++)
            {
            }

            var starts = DateTimeOffset.FromUnixTimeSeconds(at);
            if (starts < earliest || starts > latest) continue;
            var with = new Guid[next - i];
            for (var j = 0; j < with.Length; j++) with[j] = Trainers[(int)(Found[i + j] & ((1 << TrainerBits) - 1))];
            yield return new FreeSlot(starts, starts + offering.Length, with);
        }
    }

    /// The starts for which no room is free: those that are barred in each of them.
    public static Intervals Roomless(IReadOnlyList<Guid> rooms, Diaries diaries, SlotShape shape)
    {
        if (rooms.Count == 0) return Intervals.None;
        var barred = SlotLattice.Barred(diaries.Of(rooms[0]).Busy, shape);
        foreach (var room in rooms.Skip(1)) barred = barred.Intersect(SlotLattice.Barred(diaries.Of(room).Busy, shape));
        return barred;
    }
}
