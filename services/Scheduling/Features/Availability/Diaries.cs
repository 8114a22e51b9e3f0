using FitFlow.Data;
using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

/// The diaries of all who are asked for, read in one go.
internal sealed class Diaries(IReadOnlyDictionary<Guid, Diary> diaries)
{
    // The beginnings of what is busy lie within a day before what they reach into: see the table.
    private const string Pages =
        """
        SELECT trainer_id AS resource_id, day, starts, ends, valid_from, valid_until, NULL AS kind, NULL AS starts_at, NULL AS ends_at
        FROM availability_rules
        WHERE trainer_id IN @Trainers
        UNION ALL
        SELECT trainer_id, NULL, NULL, NULL, NULL, NULL, kind, starts_local, ends_local
        FROM availability_exceptions
        WHERE trainer_id IN @Trainers AND ends_local > @LocalFrom AND starts_local < @LocalUntil
        UNION ALL
        SELECT resource_id, NULL, NULL, NULL, NULL, NULL, NULL, starts_at, ends_at
        FROM busy
        WHERE resource_id IN @Resources
          AND starts_at > @Before AND starts_at < @Until
          AND ends_at > @From
          AND (expires_at IS NULL OR expires_at > @Now)
        """;

    private const string HoursOnly =
        """
        SELECT trainer_id AS resource_id, day, starts, ends, valid_from, valid_until, NULL AS kind, NULL AS starts_at, NULL AS ends_at
        FROM availability_rules
        WHERE trainer_id = @Trainer
        UNION ALL
        SELECT trainer_id, NULL, NULL, NULL, NULL, NULL, kind, starts_local, ends_local
        FROM availability_exceptions
        WHERE trainer_id = @Trainer AND ends_local > @LocalFrom AND starts_local < @LocalUntil
        """;

    private sealed record Row(
        Guid ResourceId, DayOfWeek? Day, TimeOnly? Starts, TimeOnly? Ends, DateOnly? ValidFrom, DateOnly? ValidUntil, ExceptionKind? Kind,
        DateTimeOffset? StartsAt, DateTimeOffset? EndsAt);

    /// Whose, and for which days of which clock; blocked times may reach out of these days by so much.
    public sealed record Ask(IReadOnlyList<Guid> Trainers, IReadOnlyList<Guid> Rooms, DateTimeZone Zone, LocalDate First, LocalDate Last, TimeSpan Reach);

    public static async Task<Diaries> Read(DbScope studio, Ask ask, DateTimeOffset now, CancellationToken ct) =>
        Of(await studio.Query<Row>(Pages, Args(ask, now), ct));

    /// What a trainer's hours on these days are made of, as it stands in the transaction.
    public static async Task<WorkingHours> Hours(Transaction tx, Guid trainer, LocalDate first, LocalDate last) =>
        Of(await tx.Query<Row>(HoursOnly, new { trainer, LocalFrom = From(first), LocalUntil = Until(last) })).Of(trainer).Hours;

    /// The same without a transaction.
    public static async Task<WorkingHours> Hours(DbScope studio, Guid trainer, LocalDate first, LocalDate last, CancellationToken ct) =>
        Of(await studio.Query<Row>(HoursOnly, new { trainer, LocalFrom = From(first), LocalUntil = Until(last) }, ct)).Of(trainer).Hours;

    public Diary Of(Guid resource) => diaries.GetValueOrDefault(resource, Diary.Empty);

    private static Diaries Of(IReadOnlyList<Row> rows)
    {
        var diaries = new Dictionary<Guid, Diary>();
        foreach (var row in rows)
        {
            if (!diaries.TryGetValue(row.ResourceId, out var diary)) diaries[row.ResourceId] = diary = new Diary();
            if (row.Day is { } day) diary.Add(new WeeklyRule(day, row.Starts!.Value, row.Ends!.Value, row.ValidFrom, row.ValidUntil));
            else if (row.Kind is { } kind) diary.Add(new HoursException(kind, Local(row.StartsAt!.Value), Local(row.EndsAt!.Value)));
            else diary.Add(new Interval(Instant.FromDateTimeOffset(row.StartsAt!.Value), Instant.FromDateTimeOffset(row.EndsAt!.Value)));
        }

        return new Diaries(diaries);
    }

    private static object Args(Ask ask, DateTimeOffset now)
    {
        var from = ask.Zone.Day(ask.First).Start.ToDateTimeOffset() - ask.Reach;
        var until = ask.Zone.Day(ask.Last).End.ToDateTimeOffset() + ask.Reach;
        return new
        {
            ask.Trainers,
            Resources = ask.Trainers.Concat(ask.Rooms),
            LocalFrom = From(ask.First),
            LocalUntil = Until(ask.Last),
            Before = from - Busy.Busy.Longest,
            from,
            until,
            now,
        };
    }

    private static DateTimeOffset From(LocalDate first) => Column(first.PlusDays(-1));

    private static DateTimeOffset Until(LocalDate last) => Column(last.PlusDays(2));

    // A column of the studio's clock has no zone; the driver wants one said.
    private static DateTimeOffset Column(LocalDate date) => date.AtMidnight().InUtc().ToDateTimeOffset();

    private static LocalDateTime Local(DateTimeOffset column) => LocalDateTime.FromDateTime(column.UtcDateTime);
}
