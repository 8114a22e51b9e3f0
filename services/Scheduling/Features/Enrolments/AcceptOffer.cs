using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Classes;
using FitFlow.Scheduling.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Enrolments;

/// The seat that was kept becomes theirs. An offer that has run out is over, whether or not anybody has noticed yet.
internal static class AcceptOffer
{
    public sealed record Request(Guid? ClientId = null);

    public static async Task<Results<Ok<EnrolmentView>, ProblemHttpResult>> Handle(
        Guid id, Request? request, Caller caller, Db db, EnrolmentRows rows, Line line, TimeProvider clock, CancellationToken ct)
    {
        var client = request?.ClientId ?? caller.Id;
        return await db.ForTenant(caller.Studio).InTransaction<Results<Ok<EnrolmentView>, ProblemHttpResult>>(async tx =>
        {
            if (await Class.Lock(tx, id) is not { } it) return Class.Unknown();
            if (client != caller.Id && !caller.IsStaffFor(it.TrainerId)) return Newcomer.NotYours();
            if (await Enrolment.Of(tx, id, client) is not { } who) return Enrolment.Unknown();
            if (who.IsSeated) return Enrolment.Already(await EnrolmentView.Read(tx, who.Id));
            if (who.Status != EnrolmentStatus.Offered) return NotOffered();

            var now = clock.GetUtcNow();
            var zone = (await Studio.Find(tx))!.Zone;
            if (who.OfferedUntil <= now)
            {
                await line.Settle(tx, id, zone);
                return Problems.Conflict("classes.offer_over", "This seat was kept for you until a while ago.", ("offered_until", who.OfferedUntil));
            }

            await Busy.Busy.Lock(tx, client);
            if ((await Busy.Busy.Of(tx, [client], it.StartsAt, it.EndsAt, now)).Count > 0) return Enrolment.Busy();
            await rows.Take(tx, it, zone, who);
            await line.Settle(tx, id, zone);
            return TypedResults.Ok(await EnrolmentView.Read(tx, who.Id));
        }, ct);
    }

    public static ProblemHttpResult NotOffered() => Problems.Conflict("classes.not_offered", "No seat is kept for this client now.");
}
