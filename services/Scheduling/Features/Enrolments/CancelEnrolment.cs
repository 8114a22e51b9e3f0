using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Classes;
using FitFlow.Scheduling.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Enrolments;

/// A seat by what was promised with it: free, late, or no more; the line and an offer at any time. Those who work here take out whom they want, and
/// it costs nobody anything. The seat goes on at once.
internal static class CancelEnrolment
{
    public sealed record Request(Guid? ClientId = null, CancelReason? Reason = null);

    public static async Task<Results<Ok<EnrolmentView>, ProblemHttpResult>> Handle(
        Guid id, Request? request, Caller caller, Db db, EnrolmentRows rows, Line line, TimeProvider clock, CancellationToken ct)
    {
        var client = request?.ClientId ?? caller.Id;
        return await db.ForTenant(caller.Studio).InTransaction<Results<Ok<EnrolmentView>, ProblemHttpResult>>(async tx =>
        {
            if (await Class.Lock(tx, id) is not { } it) return Class.Unknown();
            if (client != caller.Id && !caller.IsStaffFor(it.TrainerId)) return Newcomer.NotYours();
            if (await Enrolment.Of(tx, id, client) is not { } who) return Enrolment.Unknown();
            if (who.Status is EnrolmentStatus.Attended or EnrolmentStatus.NoShow) return CheckedIn();
            if (OutcomeFor(caller.IsStaffFor(it.TrainerId), who, clock.GetUtcNow()) is not { } outcome) return TooLate(who);

            var zone = (await Studio.Find(tx))!.Zone;
            await rows.End(tx, it, zone, who, caller.Id, outcome, request?.Reason);
            if (who.Status != EnrolmentStatus.Waitlisted) await line.Settle(tx, id, zone);
            return TypedResults.Ok(await EnrolmentView.Read(tx, who.Id));
        }, ct);
    }

    /// Null: it is too late.
    public static CancelOutcome? OutcomeFor(bool isStaff, Enrolment who, DateTimeOffset now) => who switch
    {
        _ when isStaff || who.Status is EnrolmentStatus.Waitlisted or EnrolmentStatus.Offered => CancelOutcome.Free,
        _ when now < who.CancelFreeUntil => CancelOutcome.Free,
        _ when now < who.CancelUntil => CancelOutcome.Late,
        _ => null,
    };

    private static ProblemHttpResult CheckedIn() => Problems.Conflict("classes.checked_in", "Whether this client came is noted already: take that back first.");

    private static ProblemHttpResult TooLate(Enrolment who) => Problems.Conflict(
        "classes.too_late_to_cancel", "It is too late to leave this class here: call the studio.", ("cancel_until", who.CancelUntil));
}
