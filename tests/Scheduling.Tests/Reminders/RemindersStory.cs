namespace FitFlow.Scheduling.Tests.Reminders;

/// Many sessions of one studio that are to be told of now.
internal static class RemindersStory
{
    /// All of one studio, which is the answer; they begin in 24 hours.
    public static async Task<Guid> GivenDue(this RunningSystem system, int count)
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var one = (await studio.GivenBooking(type, trainer, client, SchedulingStory.At(days: 3, hour: 10))).Id();
        await system.Database("schedulingdb").Write(
            """
            SET SESSION cte_max_recursion_depth = 100000;
            INSERT INTO bookings_rows (
                tenant_id, id, owner_id, trainer_id, session_type_id, kind, starts_at, ends_at, status, payment_status, price_amount, price_currency,
                cancel_free_until, cancel_until, booked_by, booked_at, version, updated_at)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @more)
            SELECT tenant_id, UNHEX(REPLACE(UUID(), '-', '')), owner_id, trainer_id, session_type_id, kind, starts_at, ends_at, status, payment_status,
                   price_amount, price_currency, cancel_free_until, cancel_until, booked_by, booked_at, version, updated_at
            FROM bookings_rows
            JOIN n
            WHERE id = @one;
            UPDATE bookings_rows SET starts_at = TIMESTAMPADD(HOUR, 24, UTC_TIMESTAMP()), ends_at = TIMESTAMPADD(HOUR, 25, UTC_TIMESTAMP()) WHERE tenant_id = @studio;
            DELETE FROM reminders WHERE subject_id = @one;
            INSERT INTO reminders (due_at, subject_id, person_id, hours, tenant_id, kind)
            SELECT TIMESTAMPADD(HOUR, -24, starts_at), id, owner_id, 24, tenant_id, 'booking'
            FROM bookings_rows
            WHERE tenant_id = @studio
            """, ("more", count - 1), ("one", one), ("studio", studio.Id));
        return studio.Id;
    }

    public static Task<long> Due(this RunningSystem system, Guid studio) =>
        system.Database("schedulingdb").Count("SELECT COUNT(*) FROM reminders WHERE tenant_id = @studio", ("studio", studio));

    public static async Task EachWasToldOnce(this RunningSystem system, Guid studio, int count)
    {
        var (database, told) = (system.Database("schedulingdb"), "FROM outbox o JOIN bookings_rows b ON b.id = o.aggregate_id WHERE o.type = 'booking.reminder' AND b.tenant_id = @studio");
        Assert.Equal(count, await database.Count($"SELECT COUNT(*) {told}", ("studio", studio)));
        Assert.Equal(count, await database.Count($"SELECT COUNT(DISTINCT o.aggregate_id) {told}", ("studio", studio)));
    }
}
