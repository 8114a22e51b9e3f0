using System.Runtime.InteropServices;
using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

/// How the sessions of one type lie in time: so long, so much kept free around them, one every so many minutes.
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SlotShape(Duration Length, Duration Before, Duration After, Duration Step)
{
    public static SlotShape Of(int minutes, int before, int after, int step) =>
        new(Duration.FromMinutes(minutes), Duration.FromMinutes(before), Duration.FromMinutes(after), Duration.FromMinutes(step));

    public Interval SessionAt(Instant start) => new(start, start + Length);

    public Interval BlockedAt(Instant start) => new(start - Before, start + Length + After);
}

/// Where sessions can begin.
internal static class SlotLattice
{
    /// Every start from which a session would run into one of these times, its buffers included.
    public static Intervals Barred(IReadOnlyList<Interval> busy, SlotShape shape)
    {
        if (busy.Count == 0) return Intervals.None;
        var starts = new List<Interval>(busy.Count);
        foreach (var taken in busy)
        {
            // Ending just when it begins is as fine as beginning just when it ends.
            if (!taken.IsEmpty) starts.Add(new Interval(taken.Start - shape.Length - shape.After + Duration.Epsilon, taken.End + shape.Before));
        }

        return Intervals.Of(starts);
    }

    /// The starts on one day. They are counted from where the hours begin; hours that began before yesterday did are counted anew from midnight,
    /// so that a day has the same starts whichever days are asked for with it. The hours are known from a day before to two days after.
    public static void AddStarts(List<Instant> starts, Intervals hours, Intervals barred, Interval day, Instant yesterday, SlotShape shape)
    {
        var bars = barred.Parts;
        var bar = 0;
        foreach (var works in hours.Parts)
        {
            if (works.End <= day.Start) continue;
            if (works.Start >= day.End) break;
            var origin = works.Start > yesterday ? works.Start : day.Start;
            var start = NextFrom(Instant.Max(origin, day.Start), origin, shape.Step);
            while (start < day.End && start + shape.Length <= works.End)
            {
                while (bar < bars.Length && bars[bar].End <= start) bar++;
                if (bar < bars.Length && bars[bar].Start <= start)
                {
                    start = NextFrom(bars[bar].End, origin, shape.Step);
                    continue;
                }

                starts.Add(start);
                start += shape.Step;
            }
        }
    }

    private static Instant NextFrom(Instant from, Instant origin, Duration step)
    {
        var steps = ((from - origin).BclCompatibleTicks + step.BclCompatibleTicks - 1) / step.BclCompatibleTicks;
        return origin + (step * steps);
    }
}
