using NodaTime;
using NodaTime.TimeZones;

namespace FitFlow.Scheduling.Features.Calendars;

/// A zone as a reader without a time zone database needs it: each change of the clocks in the years that are spoken of, one by one. Rules for all years
/// would be shorter, and wrong for the zones whose parliaments change them.
internal static class ICalendarZone
{
    private static readonly LocalDateTime Always = new(1970, 1, 1, 0, 0);

    // What ends after the last event belongs to it too: readers look a little ahead.
    private static readonly Duration Around = Duration.FromDays(370);

    public static void Write(ICalendarText text, DateTimeZone zone, Instant from, Instant until)
    {
        text.Line("BEGIN", "VTIMEZONE").Line("TZID", zone.Id);
        foreach (var interval in zone.GetZoneIntervals(from - Around, until + Around)) Write(text, zone, interval);
        text.Line("END", "VTIMEZONE");
    }

    private static void Write(ICalendarText text, DateTimeZone zone, ZoneInterval interval)
    {
        var kind = interval.Savings == Offset.Zero ? "STANDARD" : "DAYLIGHT";
        var before = interval.HasStart ? zone.GetUtcOffset(interval.Start - Duration.Epsilon) : interval.WallOffset;
        text.Line("BEGIN", kind)
            .Line("DTSTART", ICalendarTime.Local(interval.HasStart ? interval.Start.WithOffset(before).LocalDateTime : Always))
            .Line("TZOFFSETFROM", Written(before))
            .Line("TZOFFSETTO", Written(interval.WallOffset))
            .Line("TZNAME", ICalendarText.Escape(interval.Name))
            .Line("END", kind);
    }

    private static string Written(Offset offset)
    {
        var size = TimeSpan.FromSeconds(Math.Abs(offset.Seconds));
        return (offset < Offset.Zero ? "-" : "+") + size.ToString(size.Seconds == 0 ? "hhmm" : "hhmmss");
    }
}
