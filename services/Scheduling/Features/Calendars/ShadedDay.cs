using FitFlow.Scheduling.Features.Availability;
using NodaTime;

namespace FitFlow.Scheduling.Features.Calendars;

/// Part of a day, by the studio's clock.
internal sealed record DayPart(DateTimeOffset StartsAt, DateTimeOffset EndsAt, string StartsLocal, string EndsLocal);

/// When a trainer works on a day, and what of it they have taken off: what a calendar shades.
internal sealed record ShadedDay(string Date, IReadOnlyList<DayPart> Working, IReadOnlyList<DayPart> TimeOff)
{
    public static IReadOnlyList<ShadedDay> Of(WorkingHours hours, LocalDate first, LocalDate last, DateTimeZone zone)
    {
        var working = hours.Between(first, last, zone);
        var off = Intervals.Of([.. hours.Exceptions.Where(exception => exception.Kind == ExceptionKind.TimeOff).Select(exception => zone.Between(exception.Starts, exception.Ends))]);
        var days = new List<ShadedDay>();
        for (var date = first; date <= last; date = date.PlusDays(1))
        {
            var day = Intervals.Of([zone.Day(date)]);
            days.Add(new ShadedDay(LocalText.Of(date), Parts(working.Intersect(day), zone), Parts(off.Intersect(day), zone)));
        }

        return days;
    }

    private static IReadOnlyList<DayPart> Parts(Intervals intervals, DateTimeZone zone)
    {
        var parts = new List<DayPart>();
        foreach (var part in intervals.Parts)
            parts.Add(new DayPart(part.Start.ToDateTimeOffset(), part.End.ToDateTimeOffset(), Local(part.Start), Local(part.End)));
        return parts;

        string Local(Instant at) => LocalText.Of(at.InZone(zone).LocalDateTime);
    }
}
