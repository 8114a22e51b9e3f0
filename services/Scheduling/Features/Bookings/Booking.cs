using FitFlow.Data;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Bookings;

internal enum BookingStatus
{
    Confirmed,
    Completed,
    Cancelled,
    NoShow,
}

internal enum PaymentStatus
{
    None,
    Due,
    Paid,
    Refunded,
}

internal enum CancelReason
{
    ClientRequest,
    Illness,
    TrainerUnavailable,
    StudioClosed,
    Weather,
    Other,
}

/// What a cancellation means for money.
internal enum CancelOutcome
{
    Free,
    Late,
}

/// A session as it stands.
internal sealed record Booking(
    Guid Id, Guid StudioId, Guid ClientId, Guid TrainerId, Guid SessionTypeId, Guid? RoomId, Guid? SeriesId, SessionKind Type, DateTimeOffset StartsAt,
    DateTimeOffset EndsAt, BookingStatus Status, PaymentStatus PaymentStatus, long PriceAmount, string PriceCurrency, DateTimeOffset CancelFreeUntil,
    DateTimeOffset CancelUntil, Guid BookedBy, DateTimeOffset BookedAt, Guid? EndedBy, DateTimeOffset? EndedAt, CancelReason? CancelReason,
    string? CancelNote, CancelOutcome? CancelOutcome, string? TrainerNotes, int Version)
{
    /// The studio's bookings; which of them, whoever asks says.
    public const string Select =
        """
        SELECT id, tenant_id AS studio_id, owner_id AS client_id, trainer_id, session_type_id, room_id, series_id, kind AS type, starts_at, ends_at, status,
               payment_status, price_amount, price_currency, cancel_free_until, cancel_until, booked_by, booked_at, ended_by, ended_at, cancel_reason,
               cancel_note, cancel_outcome, trainer_notes, version
        FROM bookings

        """;

    private const string Here = Select + "WHERE id = @Id";

    public static Task<Booking?> Find(DbScope studio, Guid id, CancellationToken ct) => studio.QueryOne<Booking>(Here, new { id }, ct);

    /// The same, and nobody else changes it until the transaction ends. Those who take time for it have locked that before.
    public static Task<Booking?> Lock(Transaction tx, Guid id) => tx.QueryOne<Booking>(Here + "\nFOR UPDATE", new { id });

    /// Of the transaction itself.
    public static async Task<Booking> Read(Transaction tx, Guid id) => (await tx.QueryOne<Booking>(Here, new { id }))!;

    public static ProblemHttpResult Unknown() => Problems.NotFound("bookings.unknown", "There is no such booking.");

    public ProblemHttpResult Over() => Problems.Conflict("bookings.not_confirmed", $"This session is {Status switch
    {
        BookingStatus.Completed => "over",
        BookingStatus.Cancelled => "cancelled",
        _ => "marked as missed",
    }} already.", ("current", BookingView.Of(this)));
}
