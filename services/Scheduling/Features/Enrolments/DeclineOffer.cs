using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Classes;
using FitFlow.Scheduling.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Enrolments;

/// No, thank you: out of the line, and the seat goes to the next.
internal static class DeclineOffer
{
    public static async Task<Results<Ok<EnrolmentView>, ProblemHttpResult>> Handle(
        Guid id, AcceptOffer.Request? request, Caller caller, Db db, EnrolmentRows rows, Line line, CancellationToken ct)
    {
        var client = request?.ClientId ?? caller.Id;
        return await db.ForTenant(caller.Studio).InTransaction<Results<Ok<EnrolmentView>, ProblemHttpResult>>(async tx =>
        {
            if (await Class.Lock(tx, id) is not { } it) return Class.Unknown();
            if (client != caller.Id && !caller.IsStaffFor(it.TrainerId)) return Newcomer.NotYours();
            if (await Enrolment.Of(tx, id, client) is not { } who) return Enrolment.Unknown();
            if (who.Status != EnrolmentStatus.Offered) return AcceptOffer.NotOffered();

            var zone = (await Studio.Find(tx))!.Zone;
            await rows.End(tx, it, zone, who, caller.Id, CancelOutcome.Free, reason: null);
            await line.Settle(tx, id, zone);
            return TypedResults.Ok(await EnrolmentView.Read(tx, who.Id));
        }, ct);
    }
}
