using FitFlow.Data;

namespace FitFlow.Scheduling.Features.Calendars;

internal enum Part
{
    /// They come to it.
    Client,

    /// They give it.
    Trainer,
}

/// A session or class of a person, in whatever studio, as it is stored. The enrolment is theirs in a class that they come to.
internal sealed record PersonalRow(
    Part Part, EntryKind Kind, Guid StudioId, string TimeZone, Guid Id, Guid? SeriesId, Guid? ClientId, Guid TrainerId, Guid SessionTypeId, string SessionTypeName,
    Guid? RoomId, string? RoomName, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Status, string? Enrolment, int Version, DateTimeOffset UpdatedAt)
{
    private const string OfPerson =
        """
        SELECT 'client' AS part, 'booking' AS kind, b.tenant_id AS studio_id, s.time_zone, b.id, b.series_id, b.owner_id AS client_id, b.trainer_id,
               b.session_type_id, t.name AS session_type_name, b.room_id, r.name AS room_name, b.starts_at, b.ends_at, b.status, NULL AS enrolment,
               b.version, b.updated_at
        FROM bookings_across b
        JOIN studios_across s ON s.tenant_id = b.tenant_id
        JOIN session_types_across t ON t.tenant_id = b.tenant_id AND t.id = b.session_type_id
        LEFT JOIN rooms_across r ON r.tenant_id = b.tenant_id AND r.id = b.room_id
        WHERE b.owner_id = @Person AND b.starts_at > @Before AND b.starts_at < @Until AND b.ends_at > @From
        UNION ALL
        SELECT 'trainer', 'booking', b.tenant_id, s.time_zone, b.id, b.series_id, b.owner_id, b.trainer_id, b.session_type_id, t.name, b.room_id, r.name,
               b.starts_at, b.ends_at, b.status, NULL, b.version, b.updated_at
        FROM bookings_across b
        JOIN studios_across s ON s.tenant_id = b.tenant_id
        JOIN session_types_across t ON t.tenant_id = b.tenant_id AND t.id = b.session_type_id
        LEFT JOIN rooms_across r ON r.tenant_id = b.tenant_id AND r.id = b.room_id
        WHERE b.trainer_id = @Person AND b.starts_at > @Before AND b.starts_at < @Until AND b.ends_at > @From
        UNION ALL
        SELECT 'client', 'class', c.tenant_id, s.time_zone, c.id, c.series_id, NULL, c.trainer_id, c.session_type_id, t.name, c.room_id, r.name,
               c.starts_at, c.ends_at, c.status, e.status, c.version, GREATEST(c.updated_at, e.updated_at)
        FROM enrolments_across e
        JOIN classes_across c ON c.tenant_id = e.tenant_id AND c.id = e.class_id
        JOIN studios_across s ON s.tenant_id = c.tenant_id
        JOIN session_types_across t ON t.tenant_id = c.tenant_id AND t.id = c.session_type_id
        LEFT JOIN rooms_across r ON r.tenant_id = c.tenant_id AND r.id = c.room_id
        WHERE e.owner_id = @Person AND e.starts_at > @Before AND e.starts_at < @Until AND c.ends_at > @From
        UNION ALL
        SELECT 'trainer', 'class', c.tenant_id, s.time_zone, c.id, c.series_id, NULL, c.trainer_id, c.session_type_id, t.name, c.room_id, r.name,
               c.starts_at, c.ends_at, c.status, NULL, c.version, c.updated_at
        FROM classes_across c
        JOIN studios_across s ON s.tenant_id = c.tenant_id
        JOIN session_types_across t ON t.tenant_id = c.tenant_id AND t.id = c.session_type_id
        LEFT JOIN rooms_across r ON r.tenant_id = c.tenant_id AND r.id = c.room_id
        WHERE c.trainer_id = @Person AND c.starts_at > @Before AND c.starts_at < @Until AND c.ends_at > @From
        ORDER BY starts_at, id
        LIMIT @Rows
        """;

    /// Whose name belongs beside it.
    public Guid? Other => Part == Part.Client ? TrainerId : ClientId;

    public bool IsCancelled => Status == "cancelled" || Enrolment == "cancelled";

    public bool WaitsForSeat => Enrolment is "waitlisted" or "offered";

    /// Across studios: those of a person are in any of them. At most so many, in the order of time.
    public static async Task<IReadOnlyList<PersonalRow>> Read(Db db, string reason, Guid person, DateTimeOffset from, DateTimeOffset until, int rows, CancellationToken ct)
    {
        var found = await db.AcrossTenants(reason).Query<PersonalRow>(
            OfPerson, new { person, Before = from - Busy.Busy.Longest, from, until, rows }, ct);

        // Who left a class and came back has two places in it: the one that counts.
        return [.. found.GroupBy(row => (row.Part, row.Id)).Select(places => places.OrderBy(row => row.IsCancelled).ThenByDescending(row => row.UpdatedAt).First())];
    }
}
