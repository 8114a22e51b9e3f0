using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

/// A set of instants as the fewest intervals, in order: no two of them overlap or touch, none is empty.
internal sealed class Intervals
{
    private readonly Interval[] _parts;

    private Intervals(Interval[] parts) => _parts = parts;

    public static Intervals None { get; } = new([]);

    public ReadOnlySpan<Interval> Parts => _parts;

    public bool IsEmpty => _parts.Length == 0;

    /// The union of whatever these are: in any order, overlapping, empty.
    public static Intervals Of(List<Interval> any)
    {
        if (any.Count == 0) return None;
        any.Sort(static (one, other) => one.Start.CompareTo(other.Start));
        var parts = new List<Interval>(any.Count);
        foreach (var next in any)
        {
            if (next.IsEmpty) continue;
            if (parts.Count > 0 && next.Start <= parts[^1].End) parts[^1] = new Interval(parts[^1].Start, Instant.Max(parts[^1].End, next.End));
            else parts.Add(next);
        }

        return Made(parts);
    }

    public Intervals Union(Intervals other)
    {
        if (other.IsEmpty) return this;
        return IsEmpty ? other : Of([.. _parts, .. other._parts]);
    }

    public Intervals Intersect(Intervals other)
    {
        var common = new List<Interval>();
        for (int i = 0, j = 0; i < _parts.Length && j < other._parts.Length;)
        {
            var both = _parts[i].Intersect(other._parts[j]);
            if (!both.IsEmpty) common.Add(both);
            if (_parts[i].End < other._parts[j].End) i++;
            else j++;
        }

        return Made(common);
    }

    public Intervals Subtract(Intervals other)
    {
        if (IsEmpty || other.IsEmpty) return this;
        var left = new List<Interval>(_parts.Length);
        var j = 0;
        foreach (var part in _parts)
        {
            var from = part.Start;
            while (j < other._parts.Length && other._parts[j].End <= from) j++;

            // What reaches beyond this part is looked at again for the next.
            for (var k = j; k < other._parts.Length && other._parts[k].Start < part.End; k++)
            {
                if (from < other._parts[k].Start) left.Add(new Interval(from, other._parts[k].Start));
                from = Instant.Max(from, other._parts[k].End);
            }

            if (from < part.End) left.Add(new Interval(from, part.End));
        }

        return Made(left);
    }

    public bool Contains(Instant instant) => LastFrom(instant) is var at and >= 0 && instant < _parts[at].End;

    /// Whether all of it is in here.
    public bool Contains(Interval whole) => whole.IsEmpty || (LastFrom(whole.Start) is var at and >= 0 && whole.End <= _parts[at].End);

    /// The last part that begins at or before the instant; -1 when none does.
    private int LastFrom(Instant instant)
    {
        var (low, high) = (0, _parts.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_parts[middle].Start <= instant) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    private static Intervals Made(List<Interval> parts) => parts.Count == 0 ? None : new Intervals([.. parts]);
}
