using FitFlow.Scheduling.Features.SessionTypes;
using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

/// A time at which a session can begin, in seconds since 1970, and with whom: places in the list of trainers.
internal sealed record FreeTime(long At, IReadOnlyList<int> With);

/// All times at which sessions of one type can begin on some days, whoever asks and whenever: notice and horizon are left to those who show them.
internal sealed record FreeTimes(IReadOnlyList<Guid> Trainers, IReadOnlyList<FreeTime> Times)
{
    // Beside the seconds, in one number that sorts by time and then by trainer.
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
        return new FreeTimes(trainers, Grouped(found));
    }

    /// What can be booked, for who asks now.
    public IEnumerable<FreeSlot> Bookable(Offering offering, DateTimeOffset now)
    {
        var (earliest, latest) = (now.AddMinutes(offering.NoticeMinutes), now.AddDays(offering.HorizonDays));
        foreach (var time in Times)
        {
            var starts = DateTimeOffset.FromUnixTimeSeconds(time.At);
            if (starts >= earliest && starts <= latest) yield return new FreeSlot(starts, starts + offering.Length, [.. time.With.Select(index => Trainers[index])]);
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

    private static List<FreeTime> Grouped(List<long> found)
    {
        var times = new List<FreeTime>();
        for (var i = 0; i < found.Count;)
        {
            var (at, with) = (found[i] >> TrainerBits, new List<int>(1));
            for (; i < found.Count && found[i] >> TrainerBits == at; i++) with.Add((int)(found[i] & ((1 << TrainerBits) - 1)));
            times.Add(new FreeTime(at, with));
        }

        return times;
    }
}
