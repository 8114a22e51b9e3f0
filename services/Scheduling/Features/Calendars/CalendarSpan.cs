using NodaTime;

namespace FitFlow.Scheduling.Features.Calendars;

/// How much of a calendar is looked at. Weeks start on Monday.
internal enum CalendarSpan
{
    Day,
    Week,
    Month,
}

internal static class CalendarSpans
{
    /// The first and last day of the one with that date in it.
    public static (LocalDate First, LocalDate Last) Around(this CalendarSpan span, LocalDate date) => span switch
    {
        CalendarSpan.Day => (date, date),
        CalendarSpan.Week => (date.With(MondayOnOrBefore), date.With(MondayOnOrBefore).PlusDays(6)),
        _ => (date.With(DateAdjusters.StartOfMonth), date.With(DateAdjusters.EndOfMonth)),
    };

    private static LocalDate MondayOnOrBefore(LocalDate date) => date.With(DateAdjusters.PreviousOrSame(IsoDayOfWeek.Monday));
}
