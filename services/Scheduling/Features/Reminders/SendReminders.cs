using FitFlow.Data;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Features.Reminders;

/// Tells of what is near, each reminder once: its row goes in the transaction that tells. Any number of replicas do this; each takes rows that no other
/// holds, few at a time, since whoever cancels a session waits for its row.
internal sealed class SendReminders(Db db, IConfiguration configuration, TimeProvider clock, ILogger<SendReminders> log)
    : Repeating(configuration.GetValue("Reminders:Every", TimeSpan.FromSeconds(5)), clock, log)
{
    public const int Batch = 100;

    internal const string Due =
        """
        SELECT due_at, subject_id, person_id, hours, tenant_id, kind
        FROM reminders
        WHERE due_at <= @Now
        ORDER BY due_at
        LIMIT @Batch
        FOR UPDATE SKIP LOCKED
        """;

    // These and no others of the same session: another replica may hold those.
    internal const string These =
        """
        DELETE r
        FROM JSON_TABLE(@Rows, '$[*]' COLUMNS (
            subject CHAR(32) PATH '$.subject',
            person CHAR(32) PATH '$.person',
            hours INT PATH '$.hours')) done
        STRAIGHT_JOIN reminders r ON r.subject_id = UNHEX(done.subject) AND r.person_id = UNHEX(done.person) AND r.hours = done.hours
        """;

    protected override async Task Run(CancellationToken ct)
    {
        while (await SendSome(ct) == Batch)
        {
        }
    }

    /// How many rows are gone now, told or dropped.
    public Task<int> SendSome(CancellationToken ct) => db.Global().InTransaction(async tx =>
    {
        var now = Clock.GetUtcNow();
        var due = await tx.Query<Reminder>(Due, new { now, Batch });
        if (due.Count == 0) return 0;

        foreach (var ofStudio in due.Where(reminder => !reminder.IsTooLate(now)).GroupBy(reminder => reminder.TenantId))
            await Tell(tx.ForTenant(ofStudio.Key), [.. ofStudio]);
        await Forget(tx, due);
        return due.Count;
    }, ct);

    /// Those that still take place, and when the row says. Whoever cancels or moves one takes its rows away, and so waits for this transaction: read without
    /// a lock, it is as it was before they began.
    private static async Task Tell(Transaction tx, IReadOnlyList<Reminder> reminders)
    {
        var upcoming = await tx.Query<Upcoming>(
            """
            SELECT 'booking' AS kind, b.id, b.owner_id AS person_id, b.trainer_id, b.starts_at, s.time_zone
            FROM bookings b
            JOIN studios s
            WHERE b.id IN @Subjects AND b.status = 'confirmed'
            UNION ALL
            SELECT 'class', c.id, e.owner_id, c.trainer_id, c.starts_at, s.time_zone
            FROM classes c
            JOIN enrolments e ON e.class_id = c.id
            JOIN studios s
            WHERE c.id IN @Subjects AND c.status = 'scheduled' AND e.owner_id IN @People AND e.status = 'enrolled'
            """, new { Subjects = reminders.Select(reminder => reminder.SubjectId).Distinct(), People = reminders.Select(reminder => reminder.PersonId).Distinct() });
        var found = upcoming.ToDictionary(session => (session.Kind, session.Id, session.PersonId));
        foreach (var reminder in reminders)
        {
            if (found.TryGetValue((reminder.Kind, reminder.SubjectId, reminder.PersonId), out var session) && session.StartsAt == reminder.StartsAt)
                tx.Append(session.Remind(reminder.TenantId, reminder.Hours));
        }
    }

    private static Task Forget(Transaction tx, IReadOnlyList<Reminder> reminders) => tx.Execute(These, new { Rows = Sql.Json(reminders.Select(Row)) });

    private static object Row(Reminder reminder) => new { Subject = reminder.SubjectId.ToString("N"), Person = reminder.PersonId.ToString("N"), reminder.Hours };
}

internal static class Reminders
{
    public static void AddReminders(this WebApplicationBuilder builder) => builder.Services.AddHostedService<SendReminders>();
}
