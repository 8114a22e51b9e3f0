using NodaTime;
using NodaTime.Text;

namespace FitFlow.Scheduling.Features.Calendars;

/// From when to when, and by which clock.
internal sealed record ICalendarTime(Instant Start, Instant End, DateTimeZone Zone)
{
    private static readonly LocalDateTimePattern Pattern = LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss");

    public LocalDateTime LocalStart => Start.InZone(Zone).LocalDateTime;

    public Duration Length => End - Start;

    private LocalDateTime LocalEnd => End.InZone(Zone).LocalDateTime;

    /// Whether the clock on the wall says it to every reader alike: of an hour that it shows twice some take the first, as the standard says, and some the other.
    public bool IsPlain => Zone.MapLocal(LocalStart).Count == 1 && Zone.MapLocal(LocalEnd).Count == 1 && Zone.GetUtcOffset(Start) == Zone.GetUtcOffset(End);

    public static ICalendarTime Of(DateTimeOffset starts, DateTimeOffset ends, DateTimeZone zone) =>
        new(Instant.FromDateTimeOffset(starts), Instant.FromDateTimeOffset(ends), zone);

    public static string Utc(Instant at) => $"{Pattern.Format(at.InUtc().LocalDateTime)}Z";

    public static string Local(LocalDateTime local) => Pattern.Format(local);

    /// By the studio's clock where that is plain, in UTC where it is not.
    public void Write(ICalendarText text)
    {
        if (IsPlain)
        {
            text.Line($"DTSTART;TZID={Zone.Id}", Local(LocalStart));
            text.Line($"DTEND;TZID={Zone.Id}", Local(LocalEnd));
            return;
        }

        text.Line("DTSTART", Utc(Start));
        text.Line("DTEND", Utc(End));
    }
}
