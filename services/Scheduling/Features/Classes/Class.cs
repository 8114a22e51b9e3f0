using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Policies;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Classes;

internal enum ClassStatus
{
    Scheduled,
    Cancelled,
}

/// A class as it stands.
internal sealed record Class(
    Guid Id, Guid StudioId, Guid? SeriesId, Guid SessionTypeId, Guid TrainerId, Guid? RoomId, DateTimeOffset StartsAt, DateTimeOffset EndsAt, int Capacity,
    int SeatsTaken, ClassStatus Status, WaitlistMode WaitlistMode, int OfferMinutes, int WaitlistCutoffMinutes, int CancelFreeMinutes,
    int CancelRefuseMinutes, int Version)
{
    private const string Select =
        """
        SELECT id, tenant_id AS studio_id, series_id, session_type_id, trainer_id, room_id, starts_at, ends_at, capacity, seats_taken, status, waitlist_mode,
               offer_minutes, waitlist_cutoff_minutes, cancel_free_minutes, cancel_refuse_minutes, version
        FROM classes

        """;

    private const string Here = Select + "WHERE id = @Id";

    public int SeatsLeft => Capacity - SeatsTaken;

    public TimeSpan Length => EndsAt - StartsAt;

    /// From then on nobody is moved up.
    public DateTimeOffset Cutoff => StartsAt.AddMinutes(-WaitlistCutoffMinutes);

    public DateTimeOffset CancelFreeUntil => StartsAt.AddMinutes(-CancelFreeMinutes);

    public DateTimeOffset CancelUntil => StartsAt.AddMinutes(-CancelRefuseMinutes);

    public static Task<Class?> Find(DbScope studio, Guid id, CancellationToken ct) => studio.QueryOne<Class>(Here, new { id }, ct);

    /// The same, and nobody else changes it, its seats or its line until the transaction ends. Always the first lock of all.
    public static Task<Class?> Lock(Transaction tx, Guid id) => tx.QueryOne<Class>(Here + "\nFOR UPDATE", new { id });

    /// Null too when somebody else is about it just now.
    public static Task<Class?> LockIfFree(Transaction tx, Guid id) => tx.QueryOne<Class>(Here + "\nFOR UPDATE SKIP LOCKED", new { id });

    /// Of one series those that are not over, from a time on, in order.
    public static Task<IReadOnlyList<Class>> LockSeries(Transaction tx, Guid series, DateTimeOffset from, DateTimeOffset now) => tx.Query<Class>(
        Select + """
        WHERE series_id = @Series AND starts_at >= @From AND ends_at > @Now AND status = 'scheduled'
        ORDER BY starts_at, id
        FOR UPDATE
        """, new { series, from, now });

    /// Of the transaction itself.
    public static async Task<Class> Read(Transaction tx, Guid id) => (await tx.QueryOne<Class>(Here, new { id }))!;

    public static ProblemHttpResult Unknown() => Problems.NotFound("classes.unknown", "There is no such class.");

    public static ProblemHttpResult NotYours() => Problems.Forbidden("classes.not_yours", "This is for the trainer who gives the class, and for those who run the studio.");

    /// Why nothing can be changed about it any more, or null.
    public ProblemHttpResult? Closed(DateTimeOffset now) => this switch
    {
        { Status: ClassStatus.Cancelled } => Problems.Conflict("classes.cancelled", "This class does not take place."),
        _ when now >= StartsAt => Problems.Conflict("classes.begun", "This class has begun already.", ("starts_at", StartsAt)),
        _ => null,
    };
}
