using FitFlow.Data;

namespace FitFlow.Scheduling.Features.Calendars;

/// What a studio's calendars are read from, in one question: sessions, classes, and what else takes a trainer's time.
internal static class CalendarRows
{
    private const string Bookings =
        """
        SELECT 'booking' AS kind, b.id, b.starts_at, b.ends_at, b.status, b.trainer_id, b.owner_id AS client_id, b.session_type_id,
               t.name AS session_type_name, b.room_id, r.name AS room_name, b.series_id, NULL AS capacity, NULL AS seats_taken, NULL AS enrolment
        FROM bookings b
        JOIN session_types t ON t.id = b.session_type_id
        LEFT JOIN rooms r ON r.id = b.room_id

        """;

    private const string BookingsWithin =
        """

          AND b.starts_at > @Before AND b.starts_at < @Until AND b.ends_at > @From
          AND (@Cancelled OR b.status <> 'cancelled')
          AND (@Trainer IS NULL OR b.trainer_id = @Trainer)
          AND (@Room IS NULL OR b.room_id = @Room)

        """;

    private const string Classes =
        """
        UNION ALL
        SELECT 'class', c.id, c.starts_at, c.ends_at, c.status, c.trainer_id, NULL, c.session_type_id, t.name, c.room_id, r.name, c.series_id, c.capacity,
               c.seats_taken, NULL
        FROM classes c
        JOIN session_types t ON t.id = c.session_type_id
        LEFT JOIN rooms r ON r.id = c.room_id

        """;

    private const string ClassesOfClient =
        """
        UNION ALL
        SELECT 'class', c.id, c.starts_at, c.ends_at, c.status, c.trainer_id, NULL, c.session_type_id, t.name, c.room_id, r.name, c.series_id, c.capacity,
               c.seats_taken, e.status
        FROM enrolments e
        JOIN classes c ON c.id = e.class_id
        JOIN session_types t ON t.id = c.session_type_id
        LEFT JOIN rooms r ON r.id = c.room_id
        WHERE e.owner_id = @Client AND e.starts_at > @Before AND e.starts_at < @Until
          AND e.status <> 'cancelled'
        """;

    private const string ClassesWithin =
        """

          AND c.starts_at > @Before AND c.starts_at < @Until AND c.ends_at > @From
          AND (@Cancelled OR c.status <> 'cancelled')
          AND (@Trainer IS NULL OR c.trainer_id = @Trainer)
          AND (@Room IS NULL OR c.room_id = @Room)

        """;

    // What is in this calendar as a session or a class takes the trainer's time too, with buffers: that is not said twice.
    private const string Busy =
        """
        UNION ALL
        SELECT 'busy', NULL, x.starts_at, x.ends_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
        FROM busy x
        WHERE x.resource_id = @Trainer AND x.starts_at > @Before AND x.starts_at < @Until AND x.ends_at > @From
          AND (x.expires_at IS NULL OR x.expires_at > @Now)
          AND NOT EXISTS (SELECT 1 FROM bookings own WHERE own.id = x.source_id AND own.trainer_id = @Trainer)
          AND NOT EXISTS (SELECT 1 FROM classes own WHERE own.id = x.source_id AND own.trainer_id = @Trainer)

        """;

    private const string InOrder =
        """
        ORDER BY starts_at, ends_at, kind, id
        LIMIT @Rows
        """;

    private const string OfStudio = Bookings + "WHERE TRUE" + BookingsWithin + Classes + "WHERE TRUE" + ClassesWithin + InOrder;

    private const string OfTrainer = Bookings + "WHERE b.trainer_id = @Trainer" + BookingsWithin + Classes + "WHERE c.trainer_id = @Trainer" + ClassesWithin + Busy + InOrder;

    private const string OfClient = Bookings + "WHERE b.owner_id = @Client" + BookingsWithin + ClassesOfClient + ClassesWithin + InOrder;

    /// At most so many rows, in the order of time.
    public static Task<IReadOnlyList<CalendarRow>> Read(
        DbScope studio, CalendarSight of, (DateTimeOffset From, DateTimeOffset Until) period, bool cancelled, int rows, DateTimeOffset now, CancellationToken ct) =>
        studio.Query<CalendarRow>(
            of switch
            {
                { Client: not null } => OfClient,
                { Trainer: not null, Room: null } => OfTrainer,
                _ => OfStudio,
            },
            new { of.Client, of.Trainer, of.Room, Before = period.From - Features.Busy.Busy.Longest, period.From, period.Until, cancelled, rows, now }, ct);
}
