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

    /// Those that are not past already: who books for this evening is not reminded of yesterday.
    public static async Task Plan(Transaction tx, ReminderKind kind, Guid subject, Guid person, DateTimeOffset startsAt, DateTimeOffset now)
    {
        foreach (var hours in Hours)
        {
            var dueAt = startsAt.AddHours(-hours);
            if (dueAt <= now) continue;
            await tx.Execute(
                """
                INSERT INTO reminders (due_at, subject_id, person_id, hours, tenant_id, kind)
                VALUES (@DueAt, @Subject, @Person, @Hours, @Studio, @Kind)
                """, new { dueAt, subject, person, hours, Studio = tx.Tenant, kind });
        }
    }

    public static Task Forget(Transaction tx, Guid subject) => tx.Execute("DELETE FROM reminders WHERE subject_id = @Subject", new { subject });

    public static Task Forget(Transaction tx, Guid subject, Guid person) =>
        tx.Execute("DELETE FROM reminders WHERE subject_id = @Subject AND person_id = @Person", new { subject, person });
}
