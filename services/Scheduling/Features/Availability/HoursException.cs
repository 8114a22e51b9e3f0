using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

internal enum ExceptionKind
{
    /// Takes hours away, whatever gave them.
    TimeOff,

    /// Adds some.
    ExtraHours,
}

/// Days unlike others, by the studio's clock.
internal sealed record HoursException(ExceptionKind Kind, LocalDateTime Starts, LocalDateTime Ends);
