using NodaTime;

namespace FitFlow.Scheduling.Features.Calendars;

/// A person's sessions and classes as events. Those of a series that are alike become one with a rule.
internal static class FeedEvents
{
    /// So that a reader who comes by once in a while hears of it.
    private static readonly TimeSpan CancelledAreKept = TimeSpan.FromDays(30);

    public static IReadOnlyList<ICalendarEvent> Of(IReadOnlyList<PersonalRow> rows, PersonalNames names, FeedWords words, DateTimeOffset now)
    {
        var shown = rows.Where(row => !row.WaitsForSeat && (!row.IsCancelled || row.UpdatedAt > now - CancelledAreKept)).ToList();
        var series = shown.Where(row => row is { Kind: EntryKind.Booking, SeriesId: not null }).GroupBy(row => (row.Part, row.SeriesId!.Value));
        var single = shown.Where(row => row.Kind != EntryKind.Booking || row.SeriesId is null);
        return
        [
            .. single.Select(row => Of(row, names, words)).Concat(series.SelectMany(one => ICalendarSeries.Of(one.Key.Value, [.. one.Select(row => new ICalendarSeries.Session(Of(row, names, words), Likeness(row)))])))
                .OrderBy(one => one.Time.Start).ThenBy(one => one.Uid, StringComparer.Ordinal),
        ];
    }

    public static ICalendarEvent Of(PersonalRow row, PersonalNames names, FeedWords words) => new(
        $"{row.Id}@fitflow", row.Version - 1, row.UpdatedAt, ICalendarTime.Of(row.StartsAt, row.EndsAt, DateTimeZoneProviders.Tzdb[row.TimeZone]),
        words.Summary(row.SessionTypeName, names.Of(row)), row.RoomName, row.IsCancelled);

    private static string Likeness(PersonalRow row) => $"{row.TrainerId} {row.ClientId} {row.RoomId} {row.SessionTypeId}";
}
