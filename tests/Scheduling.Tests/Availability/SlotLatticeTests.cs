using FitFlow.Scheduling.Features.Availability;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Interval = FitFlow.Scheduling.Features.Availability.Interval;

namespace FitFlow.Scheduling.Tests.Availability;

/// Every start that there is and none that there is not, against trying each minute.
public sealed class SlotLatticeTests
{
    private const int MinutesADay = 24 * 60;

    private sealed record Case(List<(int From, int Length)> Works, List<(int From, int Length)> Busy, int Minutes, int Before, int After, int Step);

    [Fact]
    public void TheStartsOfADayAreThoseThatTryingEachMinuteFinds() =>
        Prop.ForAll(Cases().ToArbitrary(), given =>
        {
            var shape = SlotShape.Of(given.Minutes, given.Before, given.After, given.Step);
            var starts = new List<Instant>();
            SlotLattice.AddStarts(starts, Set(given.Works), SlotLattice.Barred(Spans(given.Busy), shape), Span(0, MinutesADay), IntervalsTests.At(-MinutesADay), shape);

            Assert.Equal(Tried(given), starts.Select(start => (int)(start - IntervalsTests.At(0)).TotalMinutes));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void ASessionMayEndWhenAnotherBeginsAndTheOtherWayRound()
    {
        var shape = SlotShape.Of(60, 0, 15, 15);
        var starts = new List<Instant>();
        SlotLattice.AddStarts(starts, Set([(540, 240)]), SlotLattice.Barred(Spans([(630, 45)]), shape), Span(0, MinutesADay), IntervalsTests.At(-MinutesADay), shape);

        // 09:00 to 13:00, taken from 10:30 to 11:15: with a quarter of an hour after it, one fits before from 9:00 and 9:15, and after it from 11:15.
        Assert.Equal([540, 555, 675, 690, 705, 720], starts.Select(start => (int)(start - IntervalsTests.At(0)).TotalMinutes));
    }

    private static IEnumerable<int> Tried(Case given)
    {
        var works = MinutesOf(given.Works);
        var busy = MinutesOf(given.Busy);
        for (var start = 0; start < MinutesADay; start++)
        {
            var origin = start;
            while (origin > -MinutesADay - 1 && works.Contains(origin - 1)) origin--;
            if (origin <= -MinutesADay) origin = 0;
            if ((start - origin) % given.Step == 0
                && Enumerable.Range(start, given.Minutes).All(works.Contains)
                && !Enumerable.Range(start - given.Before, given.Before + given.Minutes + given.After).Any(busy.Contains))
                yield return start;
        }
    }

    private static Gen<Case> Cases() =>
        from workCount in Gen.Choose(0, 4)
        from works in Parts(-MinutesADay - 200, 2 * MinutesADay, 900).ListOf(workCount)
        from busyCount in Gen.Choose(0, 8)
        from busy in Parts(-600, MinutesADay + 600, 200).ListOf(busyCount)
        from minutes in Gen.Elements(5, 25, 45, 60, 90, 720)
        from before in Gen.Elements(0, 5, 30)
        from after in Gen.Elements(0, 10, 45)
        from step in Gen.Elements(5, 10, 15, 20, 30, 60)
        select new Case([.. works], [.. busy], minutes, before, after, step);

    private static Gen<(int From, int Length)> Parts(int first, int last, int longest) =>
        from start in Gen.Choose(first, last)
        from length in Gen.Choose(1, longest)
        select (start, length);

    private static Interval Span(int from, int length) => new(IntervalsTests.At(from), IntervalsTests.At(from + length));

    private static List<Interval> Spans(IEnumerable<(int From, int Length)> parts) => [.. parts.Select(part => Span(part.From, part.Length))];

    private static Intervals Set(IEnumerable<(int From, int Length)> parts) => Intervals.Of(Spans(parts));

    private static HashSet<int> MinutesOf(IEnumerable<(int From, int Length)> parts) => [.. parts.SelectMany(part => Enumerable.Range(part.From, part.Length))];
}
