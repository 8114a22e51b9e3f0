using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Enrolments;

internal enum EnrolmentStatus
{
    Enrolled,
    Waitlisted,

    /// A seat is kept for them until they say.
    Offered,
    Cancelled,
    Attended,
    NoShow,
}

/// Somebody's place in a class, or in the line for one.
internal sealed record Enrolment(
    Guid Id, Guid ClassId, Guid ClientId, EnrolmentStatus Status, int Place, DateTimeOffset? OfferedUntil, DateTimeOffset CancelFreeUntil,
    DateTimeOffset CancelUntil, PaymentStatus PaymentStatus, DateTimeOffset EnrolledAt)
{
    private const string Here =
        """
        SELECT id, class_id, owner_id AS client_id, status, place, offered_until, cancel_free_until, cancel_until, payment_status, enrolled_at
        FROM enrolments
        WHERE class_id = @Class AND is_standing = 1

        """;

    /// They come, or came, or should have: their time is taken for it.
    public bool IsSeated => Status is EnrolmentStatus.Enrolled or EnrolmentStatus.Attended or EnrolmentStatus.NoShow;

    /// All that are not cancelled: seats, offers and the line, in the order in which they came. Whoever changes them holds the class's row.
    public static Task<IReadOnlyList<Enrolment>> Standing(Transaction tx, Guid @class) => tx.Query<Enrolment>(Here + "ORDER BY place", new { @class });

    /// The same without a transaction, to be shown.
    public static Task<IReadOnlyList<Enrolment>> Standing(DbScope studio, Guid @class, CancellationToken ct) =>
        studio.Query<Enrolment>(Here + "ORDER BY place", new { @class }, ct);

    public static Task<Enrolment?> Of(Transaction tx, Guid @class, Guid client) => tx.QueryOne<Enrolment>(Here + "  AND owner_id = @Client", new { @class, client });

    public static ProblemHttpResult Unknown() => Problems.NotFound("classes.not_enrolled", "There is no such place in this class or its line.");

    public static ProblemHttpResult Already(EnrolmentView current) => Problems.Conflict("classes.already_enrolled", $"This client is {current.Status switch
    {
        EnrolmentStatus.Waitlisted => "in the line",
        EnrolmentStatus.Offered => "offered a seat",
        _ => "enrolled",
    }} already.", ("current", current));

    public static ProblemHttpResult Busy() => Problems.Conflict("classes.busy", "The client is somewhere else at this time.");
}
