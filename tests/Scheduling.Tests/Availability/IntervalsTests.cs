using FitFlow.Scheduling.Features.Availability;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Interval = FitFlow.Scheduling.Features.Availability.Interval;

namespace FitFlow.Scheduling.Tests.Availability;

/// The algebra, against sets of minutes that know nothing of intervals.
public sealed class IntervalsTests
{
    private const int Minutes = 240;

    private static readonly Instant Zero = Instant.FromUtc(2027, 3, 14, 0, 0);

    private static readonly Arbitrary<(List<(int From, int Length)> One, List<(int From, int Length)> Two)> Pairs =
        (from one in Parts() from two in Parts() select (one, two)).ToArbitrary();

    [Fact]
    public void UnionIntersectionAndDifferenceAreThoseOfTheMinutes() =>
        Prop.ForAll(Pairs, pair =>
        {
            var (one, two) = (Of(pair.One), Of(pair.Two));
            var (ones, twos) = (MinutesOf(pair.One), MinutesOf(pair.Two));
            Same(ones, one);
            Same([.. ones.Union(twos)], one.Union(two));
            Same([.. ones.Intersect(twos)], one.Intersect(two));
            Same([.. ones.Except(twos)], one.Subtract(two));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void ContainsWhatAllMinutesOfAreInIt() =>
        Prop.ForAll(Pairs, pair =>
        {
            var (set, minutes) = (Of(pair.One), MinutesOf(pair.One));
            foreach (var (from, length) in pair.Two)
                Assert.Equal(Enumerable.Range(from, Math.Max(length, 0)).All(minutes.Contains), set.Contains(Span(from, length)));
            for (var minute = -1; minute <= Minutes; minute++) Assert.Equal(minutes.Contains(minute), set.Contains(At(minute)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void WhatTouchesIsOne()
    {
        var day = Of([(10, 20), (30, 5), (0, 10), (50, 0), (60, -5), (40, 1)]);

        Assert.Equal([Span(0, 35), Span(40, 1)], day.Parts.ToArray());
    }

    internal static Instant At(int minute) => Zero + Duration.FromMinutes(minute);

    private static Interval Span(int from, int length) => new(At(from), At(from + length));

    private static Gen<List<(int From, int Length)>> Parts() =>
        from count in Gen.Choose(0, 12)
        from parts in (from start in Gen.Choose(0, Minutes - 45) from length in Gen.Choose(-3, 40) select (start, length)).ListOf(count)
        select parts.ToList();

    private static Intervals Of(IEnumerable<(int From, int Length)> parts) => Intervals.Of([.. parts.Select(part => Span(part.From, part.Length))]);

    private static HashSet<int> MinutesOf(IEnumerable<(int From, int Length)> parts) =>
        [.. parts.SelectMany(part => Enumerable.Range(part.From, Math.Max(part.Length, 0)))];

    private static void Same(HashSet<int> minutes, Intervals set)
    {
        var parts = set.Parts.ToArray();
        Assert.Equal(minutes.Order(), parts.SelectMany(part => Enumerable.Range((int)(part.Start - Zero).TotalMinutes, (int)part.Length.TotalMinutes)));
        Assert.DoesNotContain(parts, part => part.IsEmpty);
        Assert.All(parts.Zip(parts.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start));
    }
}
