using FitFlow.Data;
using FitFlow.Scheduling.Features.SessionTypes;
using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

/// What a trainer has said of their time in one studio: (rules and extra hours) without time off.
internal sealed record WorkingHours(IReadOnlyList<WeeklyRule> Rules, IReadOnlyList<HoursException> Exceptions)
{
    /// Whether the trainer works all that time, as it stands in the transaction.
    public static async Task<bool> Cover(Transaction tx, Offering offering, Guid trainer, Instant start, Instant end)
    {
        var (first, last) = (start.InZone(offering.Zone).Date, end.InZone(offering.Zone).Date);
        var hours = await Diaries.Hours(tx, trainer, first, last);
        return hours.Between(first, last, offering.Zone).Contains(new Interval(start, end));
    }

    /// When the trainer works from the first moment of one date to the last of another, in whole: what began the evening before reaches in.
    public Intervals Between(LocalDate first, LocalDate last, DateTimeZone zone)
    {
        if (Rules.Count == 0 && Exceptions.Count == 0) return Intervals.None;
        var days = new Interval(zone.Day(first).Start, zone.Day(last).End);
        var (works, off) = (new List<Interval>(), new List<Interval>());
        for (var date = first.PlusDays(-1); date <= last; date = date.PlusDays(1))
        {
            foreach (var rule in Rules)
            {
                if (rule.On(date, zone) is { } hours) works.Add(hours.Intersect(days));
            }
        }

        foreach (var exception in Exceptions)
        {
            var hours = zone.Between(exception.Starts, exception.Ends).Intersect(days);
            (exception.Kind == ExceptionKind.TimeOff ? off : works).Add(hours);
        }

        return Intervals.Of(works).Subtract(Intervals.Of(off));
    }
}
