using FitFlow.Data;
using FitFlow.Scheduling.Features.Availability;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace FitFlow.Scheduling.Features.Calendars;

/// One's own sessions and classes in all studios, as a client and as a trainer, each by its studio's clock. A week from now on, unless another time is named.
internal static class ShowMyCalendar
{
    private const int Most = 5_000;

    private static readonly TimeSpan Usual = TimeSpan.FromDays(7), Longest = TimeSpan.FromDays(31);

    public sealed record Entry(
        EntryKind Kind, Part As, Guid StudioId, string TimeZone, string Date, string StartsLocal, string EndsLocal, DateTimeOffset StartsAt, DateTimeOffset EndsAt,
        Guid Id, string Status, string? Enrolment, Guid TrainerId, Guid? ClientId, string? With, Guid SessionTypeId, string SessionTypeName, Guid? RoomId,
        string? RoomName, Guid? SeriesId);

    public sealed record Response(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<Entry> Entries);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        DateTimeOffset? from, DateTimeOffset? to, bool? cancelled, Caller caller, Db db, People.People people, TimeProvider clock, CancellationToken ct)
    {
        if ((from ?? to)?.Year is < 2000 or > 2200) return Problems.Invalid(from is null ? "to" : "from", "is no time to meet");
        var since = from ?? (to - Usual) ?? clock.GetUtcNow();
        var until = to ?? since + Usual;
        if (until <= since || until - since > Longest) return Problems.Invalid("to", "is later than from, by 31 days at most");

        var found = await PersonalRow.Read(db, "somebody looks at their own calendar", caller.Id, since, until, Most + 1, ct);
        if (found.Count > Most) return Problems.Conflict("calendar.too_much", $"There are more than {Most} sessions in it: ask for a shorter time.", ("most", Most));
        var rows = found.Where(row => cancelled == true || !row.IsCancelled).ToList();
        var names = await PersonalNames.Find(caller.Id, rows, people, ct);
        return TypedResults.Ok(new Response(since, until, [.. rows.Select(row => Shown(row, names))]));
    }

    private static Entry Shown(PersonalRow row, PersonalNames names)
    {
        var zone = DateTimeZoneProviders.Tzdb[row.TimeZone];
        var (starts, ends) = (PlannedSession.LocalOf(zone, row.StartsAt), PlannedSession.LocalOf(zone, row.EndsAt));
        return new Entry(
            row.Kind, row.Part, row.StudioId, row.TimeZone, LocalText.Of(starts.Date), LocalText.Of(starts), LocalText.Of(ends), row.StartsAt, row.EndsAt, row.Id,
            row.Status, row.Enrolment, row.TrainerId, row.ClientId, names.Of(row), row.SessionTypeId, row.SessionTypeName, row.RoomId, row.RoomName, row.SeriesId);
    }
}
