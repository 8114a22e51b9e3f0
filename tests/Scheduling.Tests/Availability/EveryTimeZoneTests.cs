using FitFlow.Scheduling.Features.Availability;
using NodaTime;
using Interval = FitFlow.Scheduling.Features.Availability.Interval;

namespace FitFlow.Scheduling.Tests.Availability;

/// Every change of every clock of the world, ten years ahead.
public sealed class EveryTimeZoneTests
{
    private static readonly NodaTime.Interval Years = new(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2037, 1, 1, 0, 0));

    private static readonly SlotShape Quarters = SlotShape.Of(15, 0, 0, 15);

    private sealed record Change(DateTimeZone Zone, Instant At, Offset Before, Offset After)
    {
        public Duration Skipped => Duration.FromSeconds(After.Seconds - Before.Seconds);

        /// Between these the clock shows a time twice, or never.
        public LocalDateTime Early => LocalDateTime.Min(At.WithOffset(Before).LocalDateTime, At.WithOffset(After).LocalDateTime);

        public LocalDateTime Late => LocalDateTime.Max(At.WithOffset(Before).LocalDateTime, At.WithOffset(After).LocalDateTime);

        public LocalDate Date => Early.Date;
    }

    [Fact]
    public void ADayIsAsLongAsTheClockMakesIt()
    {
        foreach (var change in Changes())
        {
            var days = Enumerable.Range(-1, 4).Select(day => change.Zone.Day(change.Date.PlusDays(day))).ToArray();
            Assert.Equal(Duration.FromHours(96) - change.Skipped, Sum(days));
            Assert.All(days.Zip(days.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start));
            Assert.Contains(days, day => day.Length == Duration.FromHours(24) - change.Skipped);

            var always = Always().Between(change.Date.PlusDays(-1), change.Date.PlusDays(2), change.Zone);
            Assert.Equal([new Interval(days[0].Start, days[^1].End)], always.Parts.ToArray());
        }
    }

    [Fact]
    public void NoSlotIsAtATimeThatTheClockSkipsAndThoseItShowsTwiceAreTwo()
    {
        foreach (var change in Changes())
        {
            var (first, last) = (change.Date.PlusDays(-1), change.Date.PlusDays(1));
            var hours = Always().Between(first.PlusDays(-1), last.PlusDays(1), change.Zone);
            var starts = new List<Instant>();
            for (var date = first; date <= last; date = date.PlusDays(1))
            {
                var before = starts.Count;
                var day = change.Zone.Day(date);
                SlotLattice.AddStarts(starts, hours, Intervals.None, day, change.Zone.Day(date.PlusDays(-1)).Start, Quarters);
                Assert.Equal((int)(day.Length / Quarters.Step), starts.Count - before);
                Assert.All(starts.Skip(before), start => Assert.Equal(date, start.InZone(change.Zone).Date));
            }

            Assert.Equal(starts.Count, starts.Distinct().Count());
            var shown = starts.Select(start => start.InZone(change.Zone).LocalDateTime).Where(local => change.Early <= local && local < change.Late).ToArray();
            var quarters = (int)(Duration.FromSeconds(Math.Abs(change.Skipped.TotalSeconds)) / Quarters.Step);
            Assert.Equal(change.Skipped > Duration.Zero ? 0 : 2 * quarters, shown.Length);
            Assert.All(shown.CountBy(local => local), twice => Assert.Equal(2, twice.Value));
        }
    }

    [Fact]
    public void HoursBeginAndEndInsideAChangeAsAgreed()
    {
        foreach (var change in Changes())
        {
            var middle = change.Early.PlusTicks((change.Late - change.Early).ToDuration().BclCompatibleTicks / 2);
            var earlier = change.At - Duration.FromTicks(Math.Abs(change.Skipped.BclCompatibleTicks) / 2);
            var later = change.At + Duration.FromTicks(Math.Abs(change.Skipped.BclCompatibleTicks) / 2);
            var skips = change.Skipped > Duration.Zero;

            Assert.Equal(skips ? change.At : earlier, change.Zone.StartAt(middle));
            Assert.Equal(skips ? change.At : later, change.Zone.EndAt(middle));
            Assert.Equal(skips, change.Zone.Between(change.Early, middle).IsEmpty);
            Assert.Equal(skips, change.Zone.Between(change.Early, change.Late).IsEmpty);

            // From an hour before the change to an hour after it, by the clock.
            var hours = change.Zone.Between(change.Early.PlusHours(-1), change.Late.PlusHours(1));
            Assert.Equal(Duration.FromHours(2) + (skips ? Duration.Zero : -change.Skipped * 2), hours.Length);
        }
    }

    /// The next ten years as the zone's rules say them. What two rules change within two days is left to the minutes of WorkingHoursTests.
    private static IEnumerable<Change> Changes()
    {
        var count = 0;
        foreach (var id in DateTimeZoneProviders.Tzdb.Ids)
        {
            var zone = DateTimeZoneProviders.Tzdb[id];
            var spans = zone.GetZoneIntervals(Years).ToArray();
            foreach (var (before, after) in spans.Zip(spans.Skip(1)))
            {
                if (before.WallOffset == after.WallOffset) continue;
                count++;
                yield return new Change(zone, after.Start, before.WallOffset, after.WallOffset);
            }
        }

        Assert.InRange(count, 2_000, 20_000);
    }

    private static WorkingHours Always() =>
        new([.. Enum.GetValues<DayOfWeek>().Select(day => new WeeklyRule(day, TimeOnly.MinValue, TimeOnly.MinValue, ValidFrom: null, ValidUntil: null))], []);

    private static Duration Sum(IEnumerable<Interval> days) => days.Aggregate(Duration.Zero, (sum, day) => sum + day.Length);
}
