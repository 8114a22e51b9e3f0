using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace FitFlow.Identity.Features.Studios;

/// Open from then to then, by the studio's clock. What closes at or before the hour it opened at closes the next day: 18:00 to 02:00 is eight
/// hours, 00:00 to 00:00 the whole day.
internal sealed record Hours(
    DayOfWeek Day,
    [Required, RegularExpression(Hours.Clock, ErrorMessage = Hours.NoClock)] string Opens,
    [Required, RegularExpression(Hours.Clock, ErrorMessage = Hours.NoClock)] string Closes)
{
    private const string Clock = "([01][0-9]|2[0-3]):[0-5][0-9]", NoClock = "is a time from 00:00 to 23:59";

    private const int MinutesADay = 24 * 60, MinutesAWeek = 7 * MinutesADay;

    /// Whether the studio opens while it is open. The week is a circle: Sunday night reaches into Monday.
    public static bool Overlap(IReadOnlyList<Hours> week)
    {
        var opened = week.Select(hours => (From: hours.Start(), Until: hours.Start() + hours.Minutes())).OrderBy(hours => hours.From).ToList();
        return opened.Count > 1
            && (opened.Zip(opened.Skip(1)).Any(pair => pair.Second.From < pair.First.Until) || opened[0].From + MinutesAWeek < opened[^1].Until);
    }

    private int Start() => (((int)Day * MinutesADay) + Minute(Opens)) % MinutesAWeek;

    private int Minutes() => ((Minute(Closes) - Minute(Opens) + MinutesADay - 1) % MinutesADay) + 1;

    private static int Minute(string clock) => (int)TimeSpan.ParseExact(clock, @"hh\:mm", CultureInfo.InvariantCulture).TotalMinutes;
}
