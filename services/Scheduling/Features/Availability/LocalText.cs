using NodaTime;
using NodaTime.Text;

namespace FitFlow.Scheduling.Features.Availability;

/// Dates and times of the studio's clock, as they are written in requests and answers.
internal static class LocalText
{
    public const string NoDate = "is a date, such as 2027-03-08";
    public const string NoTime = "is a time from 00:00 to 23:59";
    public const string NoDateTime = "is a local time to the minute, such as 2027-03-08T09:00";

    /// A time of the day.
    public const string Time = "([01][0-9]|2[0-3]):[0-5][0-9]";

    // Beyond it nobody plans; and every day there is can be reckoned with.
    private const int FirstYear = 2000, LastYear = 2199;

    private static readonly LocalDateTimePattern ToTheMinute = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm");
    private static readonly LocalDateTimePattern ToTheSecond = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm':00'");

    public static LocalDate? Date(string text) =>
        LocalDatePattern.Iso.Parse(text) is { Success: true, Value: { Year: >= FirstYear and <= LastYear } date } ? date : null;

    public static LocalDateTime? DateTime(string text)
    {
        var parsed = ToTheMinute.Parse(text) is { Success: true } minute ? minute : ToTheSecond.Parse(text);
        return parsed is { Success: true, Value: { Year: >= FirstYear and <= LastYear } local } ? local : null;
    }

    public static string Of(LocalDateTime local) => ToTheMinute.Format(local);

    public static string Of(LocalDate date) => LocalDatePattern.Iso.Format(date);
}
