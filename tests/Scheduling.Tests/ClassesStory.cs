namespace FitFlow.Scheduling.Tests;

/// Classes that are simply there, and people in them.
internal static class ClassesStory
{
    public static Task<Guid> GivenGroupType(this Studio studio) => studio.GivenSessionType(("name", "Spinning"), ("kind", "group"), ("capacity", 20));

    public static async Task<Guid> GivenClass(this Studio studio, Guid type, Person trainer, DateTimeOffset startsAt, int seats = 20, Guid? room = null)
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await studio.System.Database("schedulingdb").Write(
            """
            INSERT INTO classes_rows (
                tenant_id, id, session_type_id, trainer_id, room_id, starts_at, ends_at, capacity, seats_taken, status, waitlist_mode, offer_minutes,
                waitlist_cutoff_minutes, cancel_free_minutes, cancel_refuse_minutes, scheduled_by, version, updated_at)
            VALUES (@studio, @id, @type, @trainer, @room, @starts, @ends, @seats, 0, 'scheduled', 'auto', 60, 60, 0, 0, @trainer, 1, UTC_TIMESTAMP(6))
            """, ("studio", studio.Id), ("id", id), ("type", type), ("trainer", trainer.Id), ("room", room is { } at ? at : DBNull.Value), ("starts", startsAt.UtcDateTime),
            ("ends", startsAt.AddHours(1).UtcDateTime), ("seats", seats));
        return id;
    }

    /// A seat with its reminders, or a place in the line.
    public static async Task Enrol(this Studio studio, Person person, Guid id) => await studio.System.Database("schedulingdb").Write(
        """
        INSERT INTO enrolments_rows (tenant_id, class_id, owner_id, id, status, starts_at, payment_status, enrolled_by, enrolled_at, updated_at)
        SELECT tenant_id, id, @person, @enrolment, IF(seats_taken < capacity, 'enrolled', 'waitlisted'), starts_at, 'none', @person, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
        FROM classes_rows
        WHERE id = @class;
        INSERT INTO reminders (due_at, subject_id, person_id, hours, tenant_id, kind)
        SELECT TIMESTAMPADD(HOUR, -h.hours, starts_at), id, @person, h.hours, tenant_id, 'class'
        FROM classes_rows
        JOIN (SELECT 24 AS hours UNION ALL SELECT 1) h
        WHERE id = @class AND seats_taken < capacity;
        UPDATE classes_rows SET seats_taken = LEAST(seats_taken + 1, capacity) WHERE id = @class
        """, ("person", person.Id), ("class", id), ("enrolment", Guid.CreateVersion7(TimeProvider.System.GetUtcNow())));
}
