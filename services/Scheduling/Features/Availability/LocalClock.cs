using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

/// What a clock on the studio's wall means, also on the days on which it is changed. A time that it skips is the moment of the change; of a time
/// that it shows twice, a beginning is the first and an end the second, so that hours around a change are never shorter than they read.
internal static class LocalClock
{
    public static Interval Between(this DateTimeZone zone, LocalDateTime starts, LocalDateTime ends) => new(zone.StartAt(starts), zone.EndAt(ends));

    /// The day, from its first moment to that of the next: 23 to 25 hours, nothing where a zone leaves a day out.
    public static Interval Day(this DateTimeZone zone, LocalDate date) =>
        new(zone.StartAt(date.AtMidnight()), zone.StartAt(date.PlusDays(1).AtMidnight()));

    public static Instant StartAt(this DateTimeZone zone, LocalDateTime local)
    {
        var mapping = zone.MapLocal(local);
        return mapping.Count == 0 ? mapping.EarlyInterval.End : mapping.First().ToInstant();
    }

    public static Instant EndAt(this DateTimeZone zone, LocalDateTime local)
    {
        var mapping = zone.MapLocal(local);
        return mapping.Count == 0 ? mapping.EarlyInterval.End : mapping.Last().ToInstant();
    }
}
