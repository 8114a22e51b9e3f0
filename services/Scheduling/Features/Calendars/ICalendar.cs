using NodaTime;

namespace FitFlow.Scheduling.Features.Calendars;

/// A document of RFC 5545: the zones that are spoken of, and the events.
internal static class ICalendar
{
    public const string MediaType = "text/calendar; charset=utf-8";

    private const string Name = "FitFlow", AskAgain = "PT1H";

    /// What somebody subscribes to.
    public static string Published(IReadOnlyList<ICalendarEvent> events)
    {
        var text = Begin("PUBLISH").Line("NAME", Name).Line("X-WR-CALNAME", Name)
            .Line("REFRESH-INTERVAL;VALUE=DURATION", AskAgain).Line("X-PUBLISHED-TTL", AskAgain);
        return End(text, events);
    }

    /// What goes with a letter: come, or do not.
    public static string Sent(ICalendarEvent one) => End(Begin(one.IsCancelled ? "CANCEL" : "REQUEST"), [one]);

    private static ICalendarText Begin(string method) => new ICalendarText()
        .Line("BEGIN", "VCALENDAR").Line("VERSION", "2.0").Line("PRODID", "-//FitFlow//Scheduling//EN").Line("CALSCALE", "GREGORIAN").Line("METHOD", method);

    private static string End(ICalendarText text, IReadOnlyList<ICalendarEvent> events)
    {
        foreach (var inZone in events.GroupBy(one => one.Time.Zone.Id, StringComparer.Ordinal).OrderBy(zone => zone.Key, StringComparer.Ordinal))
        {
            var last = inZone.Max(one => one.Rule is { } rule && rule.Until > one.Time.End ? rule.Until : one.Time.End);
            ICalendarZone.Write(text, inZone.First().Time.Zone, inZone.Min(one => one.Time.Start), last);
        }

        foreach (var one in events) one.Write(text);
        return text.Line("END", "VCALENDAR").ToString();
    }
}
