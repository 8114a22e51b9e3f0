using System.Runtime.InteropServices;
using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

/// Time from an instant on and until another, which is not part of it.
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Interval(Instant Start, Instant End)
{
    public bool IsEmpty => End <= Start;

    public Duration Length => IsEmpty ? Duration.Zero : End - Start;

    public bool Overlaps(Interval other) => Start < other.End && other.Start < End;

    public Interval Intersect(Interval other) => new(Instant.Max(Start, other.Start), Instant.Min(End, other.End));
}
