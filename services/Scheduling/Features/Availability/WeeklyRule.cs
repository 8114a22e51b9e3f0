using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

/// Every week on this day, by the studio's clock. What ends at or before the hour it starts at ends the next day.
internal sealed record WeeklyRule(DayOfWeek Day, TimeOnly Starts, TimeOnly Ends, DateOnly? ValidFrom, DateOnly? ValidUntil)
{
    private const int MinutesADay = 24 * 60;

    private int StartMinute => (Starts.Hour * 60) + Starts.Minute;

    private int Minutes => (((int)(Ends - Starts).TotalMinutes + MinutesADay - 1) % MinutesADay) + 1;

    /// The hours that begin on that date, if any do.
    public Interval? On(LocalDate date, DateTimeZone zone)
    {
        var day = date.ToDateOnly();
        if (day.DayOfWeek != Day || day < ValidFrom || day > ValidUntil) return null;
        var ends = Ends <= Starts ? date.PlusDays(1) : date;
        return zone.Between(date + LocalTime.FromTimeOnly(Starts), ends + LocalTime.FromTimeOnly(Ends));
    }

    /// Whether there is a week in which one begins while the other lasts, as the clock shows it.
    public bool Overlaps(WeeklyRule other)
    {
        for (var shift = -1; shift <= 1; shift++)
        {
            if (((int)Day + shift + 7) % 7 != (int)other.Day) continue;
            var otherStarts = other.StartMinute + (shift * MinutesADay);
            if (StartMinute < otherStarts + other.Minutes && otherStarts < StartMinute + Minutes && MeetsOnADate(other, shift)) return true;
        }

        return false;
    }

    /// Whether this is valid on some date of its weekday on which, that many days later, the other is.
    private bool MeetsOnADate(WeeklyRule other, int shift)
    {
        var first = Math.Max(ValidFrom?.DayNumber ?? 1, (other.ValidFrom?.DayNumber ?? 1) - shift);
        var last = Math.Min(ValidUntil?.DayNumber ?? int.MaxValue, (other.ValidUntil?.DayNumber ?? DateOnly.MaxValue.DayNumber) - shift);
        var weekday = (first + (int)DayOfWeek.Monday) % 7; // Day 0 of the calendar was a Monday.
        return first + (((int)Day - weekday + 7) % 7) <= last;
    }
}
