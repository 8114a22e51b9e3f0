using NodaTime;

namespace FitFlow.Scheduling.Features.Calendars;

/// Every week, or every so many weeks, on these days, at the time of the first; but for the exceptions.
internal sealed record ICalendarRule(int EveryWeeks, IReadOnlyList<IsoDayOfWeek> Days, Instant Until, IReadOnlyList<LocalDateTime> Except);

/// Something that takes place; or something that does so again and again, when it has a rule.
internal sealed record ICalendarEvent(string Uid, int Sequence, DateTimeOffset ChangedAt, ICalendarTime Time, string Summary, string? Location, bool IsCancelled = false)
{
    private static readonly string[] DayNames = ["", "MO", "TU", "WE", "TH", "FR", "SA", "SU"];

    public ICalendarRule? Rule { get; init; }

    /// Which one of those of the rule with the same uid this is in place of.
    public LocalDateTime? InsteadOf { get; init; }

    /// Who asks whom to come, where somebody does.
    public (Guid Organizer, Guid Attendee)? Invitation { get; init; }

    public void Write(ICalendarText text)
    {
        var changed = ICalendarTime.Utc(Instant.FromDateTimeOffset(ChangedAt));
        text.Line("BEGIN", "VEVENT").Line("UID", Uid).Line("SEQUENCE", $"{Sequence}").Line("DTSTAMP", changed).Line("LAST-MODIFIED", changed);
        Time.Write(text);
        if (InsteadOf is { } original) text.Line($"RECURRENCE-ID;TZID={Time.Zone.Id}", ICalendarTime.Local(original));
        if (Rule is { } rule)
        {
            text.Line("RRULE", $"FREQ=WEEKLY;INTERVAL={rule.EveryWeeks};BYDAY={string.Join(',', rule.Days.Select(day => DayNames[(int)day]))};WKST=MO;UNTIL={ICalendarTime.Utc(rule.Until)}");
            if (rule.Except.Count > 0) text.Line($"EXDATE;TZID={Time.Zone.Id}", string.Join(',', rule.Except.Select(ICalendarTime.Local)));
        }

        text.Line("SUMMARY", ICalendarText.Escape(Summary));
        if (Location is { Length: > 0 } location) text.Line("LOCATION", ICalendarText.Escape(location));
        text.Line("STATUS", IsCancelled ? "CANCELLED" : "CONFIRMED");
        if (Invitation is var (organizer, attendee))
            text.Line("ORGANIZER", $"urn:uuid:{organizer}").Line("ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED", $"urn:uuid:{attendee}");
        text.Line("END", "VEVENT");
    }
}
