using FitFlow.Scheduling.Features.Availability;
using FitFlow.Scheduling.Features.SessionTypes;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Interval = FitFlow.Scheduling.Features.Availability.Interval;

namespace FitFlow.Scheduling.Tests.Availability;

/// Several trainers and several rooms, against asking each of them about each time.
public sealed class FreeTimesTests
{
    private const int Days = 3;

    private static readonly LocalDate First = new(2027, 11, 6); // Toronto's Sunday of 25 hours lies in the middle.
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["America/Toronto"];

    private static readonly DateTimeOffset LongBefore = new(2027, 10, 1, 0, 0, 0, TimeSpan.Zero);

    private sealed record Case(List<List<(int From, int Length)>> Trainers, List<List<(int From, int Length)>> Rooms, int Before, int After);

    [Fact]
    public void ATimeIsFreeWithWhoeverIsFreeWhileARoomIs() =>
        Prop.ForAll(Cases().ToArbitrary(), given =>
        {
            Guid[] trainers = [.. given.Trainers.Select((_, i) => new Guid(i + 1, 0, 0, new byte[8]))], rooms = [.. given.Rooms.Select((_, i) => new Guid(0, (short)(i + 1), 0, new byte[8]))];
            var offering = Offering(rooms, given.Before, given.After);
            var diaries = trainers.Zip(given.Trainers).Concat(rooms.Zip(given.Rooms)).ToDictionary(pair => pair.First, pair => Diary(pair.Second));

            var found = FreeTimes.Find(offering, trainers, new Diaries(diaries), First, First.PlusDays(Days - 1));

            var expected = Lattice()
                .Where(start => rooms.Length == 0 || rooms.Any(room => IsFree(diaries[room], start)))
                .Select(start => (start.ToDateTimeOffset(), With: string.Join(',', trainers.Where(trainer => IsFree(diaries[trainer], start)))))
                .Where(time => time.With.Length > 0);
            Assert.Equal(expected, found.Bookable(offering, LongBefore).Select(slot => (slot.StartsAt, With: string.Join(',', slot.TrainerIds))));

            bool IsFree(Diary diary, Instant start) =>
                !diary.Busy.Any(offering.Shape().BlockedAt(start).Overlaps);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    /// Nine to five, by the quarter.
    private static IEnumerable<Instant> Lattice() =>
        from day in Enumerable.Range(0, Days)
        from quarter in Enumerable.Range(0, (7 * 4) + 1)
        select First.PlusDays(day).At(new LocalTime(9, 0).PlusMinutes(quarter * 15)).InZoneStrictly(Zone).ToInstant();

    private static Diary Diary(List<(int From, int Length)> busy)
    {
        var diary = new Diary();
        foreach (var day in Enum.GetValues<DayOfWeek>()) diary.Add(new WeeklyRule(day, new TimeOnly(9, 0), new TimeOnly(17, 0), ValidFrom: null, ValidUntil: null));
        var midnight = Zone.AtStartOfDay(First).ToInstant();
        foreach (var (from, length) in busy) diary.Add(new Interval(midnight + Duration.FromMinutes(from), midnight + Duration.FromMinutes(from + length)));
        return diary;
    }

    private static Gen<Case> Cases() =>
        from trainerCount in Gen.Choose(1, 4)
        from trainers in Busy().ListOf(trainerCount)
        from roomCount in Gen.Choose(0, 3)
        from rooms in Busy().ListOf(roomCount)
        from before in Gen.Elements(0, 15, 20)
        from after in Gen.Elements(0, 10, 30)
        select new Case([.. trainers], [.. rooms], before, after);

    private static Gen<List<(int From, int Length)>> Busy() =>
        from count in Gen.Choose(0, 10)
        from times in (from start in Gen.Choose(-600, (Days + 1) * 24 * 60) from length in Gen.Choose(1, 600) select (start, length)).ListOf(count)
        select times.ToList();

    private static Offering Offering(IReadOnlyList<Guid> rooms, int before, int after) => new(
        Guid.Empty, Guid.Empty, "Strength", SessionKind.OneOnOne, Minutes: 60, before, after, PriceAmount: 0, "CAD", RequiresProgram: false, Capacity: 1, rooms,
        TrainerIds: [], NoticeMinutes: 0, HorizonDays: 90, SlotStepMinutes: 15, FreeCancelMinutes: 0, RefuseCancelMinutes: 0, IsActive: true, Zone.Id, IsStudioActive: true);
}
