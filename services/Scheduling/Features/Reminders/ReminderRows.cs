using FitFlow.Data;

namespace FitFlow.Scheduling.Features.Reminders;

internal enum ReminderKind
{
    Booking,
    Class,
}

/// What is still to be said before a session begins. A row is written with the session, and goes with it.
internal static class ReminderRows
{
    /// So many hours before.
    public static readonly IReadOnlyList<int> Hours = [24, 1];

    /// Plans those of @Hours before @StartsAt that are not past already at @Now: who books for this evening is not reminded of yesterday.
    public const string Planning =
        """
        INSERT INTO reminders (due_at, subject_id, person_id, hours, tenant_id, kind)
        SELECT before_it.due_at, @Subject, @Person, before_it.hours, @StudioId, @Kind
        FROM (
            SELECT CAST(@StartsAt AS DATETIME(6)) - INTERVAL wanted.hours HOUR AS due_at, wanted.hours
            FROM JSON_TABLE(@Hours, '$[*]' COLUMNS (hours INT PATH '$')) wanted) before_it
        WHERE before_it.due_at > @Now
        """;

    public static readonly string HoursJson = Sql.Json(Hours);

    public static Task Plan(Transaction tx, ReminderKind kind, Guid subject, Guid person, DateTimeOffset startsAt, DateTimeOffset now) =>
        tx.Execute(Planning, new { kind, subject, person, startsAt, now, StudioId = tx.Tenant, Hours = HoursJson });

    public static Task Forget(Transaction tx, Guid subject) => tx.Execute("DELETE FROM reminders WHERE subject_id = @Subject", new { subject });

    public static Task Forget(Transaction tx, Guid subject, Guid person) =>
        tx.Execute("DELETE FROM reminders WHERE subject_id = @Subject AND person_id = @Person", new { subject, person });
}
