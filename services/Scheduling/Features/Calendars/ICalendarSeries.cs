using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace FitFlow.Scheduling.Features.Calendars;

/// Makes few events of a series' many: those that are alike but for the week become one with a rule, found in the sessions themselves, since a series that
/// was moved is not what was once asked for. What was moved by itself stands in place of a date that is left out; and what fits nowhere stays by itself.
internal static class ICalendarSeries
{
    /// A date left out is a line of its own to some readers: a rule with more of them than dates is none.
    private const int MostLeftOut = 2;

    private const int DaysAWeek = 7;

    private static readonly LocalDate AMonday = new(2000, 1, 3);

    /// Whatever else has to be the same for two sessions to be alike.
    public sealed record Session(ICalendarEvent Event, string Likeness);

    private sealed record Master(ICalendarEvent Event, IReadOnlyList<Session> Sessions, List<LocalDateTime> LeftOut);

    public static IEnumerable<ICalendarEvent> Of(Guid series, IReadOnlyList<Session> sessions)
    {
        var sequence = sessions.Sum(session => session.Event.Sequence);
        var masters = sessions.Where(session => session.Event is { IsCancelled: false, Time.IsPlain: true })
            .GroupBy(Alike, StringComparer.Ordinal).Select(alike => Find(series, alike.Key, [.. alike], sequence)).OfType<Master>().ToList();
        var inRules = masters.SelectMany(master => master.Sessions).ToHashSet();
        var others = sessions.Where(session => !inRules.Contains(session)).ToList();

        // A date that was cancelled is left out, and so need not be said again.
        var cancelled = others.Where(session => session.Event.IsCancelled).ToList();
        var free = masters.SelectMany(master => master.LeftOut.Select(date => (Master: master, Date: date)))
            .Where(gap => gap.Master.Event.Time.Zone.MapLocal(gap.Date).Count > 0 && cancelled.TrueForAll(session => session.Event.Time.LocalStart != gap.Date)).ToList();
        var alone = cancelled.Where(session => !masters.Exists(master => master.LeftOut.Contains(session.Event.Time.LocalStart))).Select(session => session.Event).ToList();
        foreach (var moved in others.Where(session => !session.Event.IsCancelled).Select(session => session.Event))
        {
            if (free.Count == 0)
            {
                alone.Add(moved);
                continue;
            }

            var gap = free.MinBy(gap => (Math.Abs(Period.DaysBetween(gap.Date.Date, moved.Time.LocalStart.Date)), gap.Date));
            free.Remove(gap);
            gap.Master.LeftOut.Remove(gap.Date);
            alone.Add(moved with { Uid = gap.Master.Event.Uid, Sequence = sequence, InsteadOf = gap.Date });
        }

        return masters.Select(master => master.Event with { Rule = master.Event.Rule! with { Except = [.. master.LeftOut] } }).Concat(alone);
    }

    private static string Alike(Session session) =>
        $"{session.Event.Time.Zone.Id} {ICalendarTime.Local(session.Event.Time.LocalStart)[8..]} {session.Event.Time.Length.TotalSeconds} {session.Likeness}";

    /// The rule by which these take place; null when there is none.
    private static Master? Find(Guid series, string alike, IReadOnlyList<Session> sessions, int sequence)
    {
        var inOrder = sessions.OrderBy(session => session.Event.Time.Start).ToList();
        var dates = inOrder.Select(session => session.Event.Time.LocalStart.Date).ToHashSet();
        if (inOrder.Count < 2 || dates.Count < inOrder.Count) return null;

        var (first, last) = (inOrder[0].Event, inOrder[^1].Event);
        var every = Math.Max(1, dates.Select(date => Week(date) - Week(dates.Min())).Aggregate(0, Common));
        var days = dates.Select(date => date.DayOfWeek).Distinct().Order().ToList();
        var leftOut = Dates(dates.Min(), dates.Max(), every, days).Where(date => !dates.Contains(date)).Select(date => date + first.Time.LocalStart.TimeOfDay).ToList();
        if (leftOut.Count > MostLeftOut * dates.Count) return null;

        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(alike)).AsSpan(0, 4));
        var master = first with
        {
            Uid = $"{series}-{name}@fitflow",
            Sequence = sequence,
            ChangedAt = inOrder.Max(session => session.Event.ChangedAt),
            Rule = new ICalendarRule(every, days, last.Time.Start, Except: []),
        };
        return new Master(master, inOrder, leftOut);
    }

    private static IEnumerable<LocalDate> Dates(LocalDate first, LocalDate last, int everyWeeks, IReadOnlyList<IsoDayOfWeek> days)
    {
        for (var monday = AMonday.PlusWeeks(Week(first)); monday <= last; monday = monday.PlusWeeks(everyWeeks))
        {
            foreach (var date in days.Select(day => monday.PlusDays((int)day - 1)).Where(date => date >= first && date <= last)) yield return date;
        }
    }

    private static int Week(LocalDate date) => (int)Math.Floor(Period.DaysBetween(AMonday, date) / (double)DaysAWeek);

    private static int Common(int one, int other) => other == 0 ? one : Common(other, one % other);
}
