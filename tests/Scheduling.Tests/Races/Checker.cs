namespace FitFlow.Scheduling.Tests.Races;

/// Looks through the whole database, whatever was told over HTTP.
internal static class Checker
{
    /// Nobody and nothing of this studio is in two places, and what is taken is what is booked.
    public static async Task NothingOverlaps(this RunningSystem system, Studio studio)
    {
        var database = system.Database("schedulingdb");
        Assert.Equal(0, await database.Count(
            """
            SELECT COUNT(*)
            FROM busy a
            JOIN busy b ON b.resource_id = a.resource_id AND b.source_id <> a.source_id AND b.starts_at < a.ends_at AND a.starts_at < b.ends_at
            WHERE (a.expires_at IS NULL OR a.expires_at > UTC_TIMESTAMP(6)) AND (b.expires_at IS NULL OR b.expires_at > UTC_TIMESTAMP(6))
            """));
        Assert.Equal(0, await database.Count(
            """
            SELECT COUNT(*)
            FROM bookings_rows a
            JOIN bookings_rows b ON b.id <> a.id AND b.status <> 'cancelled' AND b.starts_at < a.ends_at AND a.starts_at < b.ends_at
             AND (b.trainer_id = a.trainer_id OR b.owner_id = a.owner_id OR b.room_id = a.room_id)
            WHERE a.tenant_id = @studio AND a.status <> 'cancelled'
            """, ("studio", studio.Id)));
        Assert.Equal(0, await database.Count(
            """
            SELECT COUNT(*)
            FROM bookings_rows r
            LEFT JOIN (SELECT source_id, COUNT(*) AS takings FROM busy GROUP BY source_id) b ON b.source_id = r.id
            WHERE r.tenant_id = @studio
              AND COALESCE(b.takings, 0) <> CASE WHEN r.status = 'cancelled' THEN 0 WHEN r.room_id IS NULL THEN 2 ELSE 3 END
            """, ("studio", studio.Id)));
        Assert.Equal(0, await database.Count(
            """
            SELECT COUNT(*)
            FROM bookings_rows r
            LEFT JOIN (SELECT aggregate_id, COUNT(*) AS times FROM outbox WHERE type = 'booking.created' GROUP BY aggregate_id) told ON told.aggregate_id = r.id
            WHERE r.tenant_id = @studio AND COALESCE(told.times, 0) <> 1
            """, ("studio", studio.Id)));
    }
}
