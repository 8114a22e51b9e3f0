using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.SessionTypes;

namespace FitFlow.Scheduling.Features.Enrolments;

/// A place as it is shown; its position is the one in the line.
internal sealed record EnrolmentView(
    Guid Id, Guid ClassId, Guid ClientId, EnrolmentStatus Status, int? Position, DateTimeOffset StartsAt, DateTimeOffset? OfferedUntil,
    DateTimeOffset CancelFreeUntil, DateTimeOffset CancelUntil, PaymentStatus PaymentStatus, Money Price, Guid EnrolledBy, DateTimeOffset EnrolledAt,
    EnrolmentCancellation? Cancellation)
{
    private sealed record Row(
        Guid Id, Guid ClassId, Guid ClientId, EnrolmentStatus Status, int? Position, DateTimeOffset StartsAt, DateTimeOffset? OfferedUntil,
        DateTimeOffset CancelFreeUntil, DateTimeOffset CancelUntil, PaymentStatus PaymentStatus, long PriceAmount, string PriceCurrency, Guid EnrolledBy,
        DateTimeOffset EnrolledAt, Guid? EndedBy, DateTimeOffset? EndedAt, CancelReason? CancelReason, CancelOutcome? CancelOutcome);

    /// Of the transaction itself.
    public static async Task<EnrolmentView> Read(Transaction tx, Guid id)
    {
        var row = (await tx.QueryOne<Row>(
            """
            SELECT e.id, e.class_id, e.owner_id AS client_id, e.status, e.starts_at, e.offered_until, e.cancel_free_until, e.cancel_until, e.payment_status,
                   e.price_amount, e.price_currency, e.enrolled_by, e.enrolled_at, e.ended_by, e.ended_at, e.cancel_reason, e.cancel_outcome,
                   CASE e.status
                       WHEN 'waitlisted' THEN (
                           SELECT COUNT(*) FROM enrolments w WHERE w.class_id = e.class_id AND w.status = 'waitlisted' AND w.place <= e.place)
                   END AS position
            FROM enrolments e
            WHERE e.id = @Id
            """, new { id }))!;
        return new EnrolmentView(
            row.Id, row.ClassId, row.ClientId, row.Status, row.Position, row.StartsAt, row.OfferedUntil, row.CancelFreeUntil, row.CancelUntil,
            row.PaymentStatus, new Money(row.PriceAmount, row.PriceCurrency), row.EnrolledBy, row.EnrolledAt,
            row is { EndedAt: { } at, CancelOutcome: { } outcome } ? new EnrolmentCancellation(row.EndedBy, at, row.CancelReason, outcome) : null);
    }
}

/// By nobody: an offer that ran out.
internal sealed record EnrolmentCancellation(Guid? By, DateTimeOffset At, CancelReason? Reason, CancelOutcome Outcome);
