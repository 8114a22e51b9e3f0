using MassTransit;

namespace FitFlow.Contracts.Scheduling;

/// <summary>
/// Somebody is not in the class or its line any more. <paramref name="Was"/> says what they had: enrolled, waitlisted or offered;
/// <paramref name="Outcome"/> what it means for money: free or late. Nobody cancelled an offer that ran out.
/// </summary>
[EntityName("class.enrolment_cancelled")]
public sealed record ClassEnrolmentCancelled(
    Guid ClassId, Guid EnrolmentId, Guid ClientId, Guid TrainerId, Guid StudioId, DateOnly ClassDate, TimeOnly StartTime, DateTimeOffset StartsAt,
    string Was, string Outcome, string? CancellationReason, Guid? CancelledBy) : Event
{
    protected override Guid About => ClassId;
}
