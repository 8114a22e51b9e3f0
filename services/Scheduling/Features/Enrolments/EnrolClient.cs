using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Classes;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Enrolments;

/// A seat, or a place in the line. Who waits already takes a seat that has come free; they are not held to the notice a second time.
internal static class EnrolClient
{
    private const int LongestLine = 500;

    /// Without a client: oneself. Without a line: a seat or nothing.
    public sealed record Request(Guid? ClientId = null, bool Waitlist = true);

    public static async Task<Results<Created<EnrolmentView>, ProblemHttpResult>> Handle(
        Guid id, Request? request, Caller caller, Db db, Newcomer newcomer, EnrolmentRows rows, Line line, TimeProvider clock, CancellationToken ct)
    {
        var studio = db.ForTenant(caller.Studio);
        if (await Class.Find(studio, id, ct) is not { } found) return Class.Unknown();
        var offering = (await Offering.Find(studio, found.SessionTypeId, ct))!;
        var client = request?.ClientId ?? caller.Id;
        if (await newcomer.Refused(caller, found, offering, client, ct) is { } refused) return refused;

        return await studio.InTransaction<Results<Created<EnrolmentView>, ProblemHttpResult>>(async tx =>
        {
            var now = clock.GetUtcNow();
            var it = (await Class.Lock(tx, id))!;
            if (it.Closed(now) is { } closed) return closed;
            var before = await Enrolment.Of(tx, id, client);
            if (before is { Status: not EnrolmentStatus.Waitlisted }) return Enrolment.Already(await EnrolmentView.Read(tx, before.Id));
            if (before is null && !caller.IsStaffFor(it.TrainerId) && Newcomer.Untimely(it, offering, now) is { } untimely) return untimely;

            // Those who were busy when a seat came free may not be any more: they were here first.
            var waiting = await tx.QueryOne<int>("SELECT COUNT(*) FROM enrolments WHERE class_id = @Id AND status = 'waitlisted'", new { id });
            if (it.SeatsLeft > 0 && waiting > 0 && now < it.Cutoff)
            {
                await line.Settle(tx, id, offering.Zone);
                it = await Class.Read(tx, id);
                before = await Enrolment.Of(tx, id, client);
                if (before is { Status: not EnrolmentStatus.Waitlisted }) return await Done(tx, before.Id);
            }

            if (it.SeatsLeft > 0) return await Seat(tx, it, before);
            if (before is not null) return Enrolment.Already(await EnrolmentView.Read(tx, before.Id));
            if (request?.Waitlist == false) return Problems.Conflict("classes.full", "There is no seat left.");
            if (waiting >= LongestLine) return Problems.Conflict("classes.line_full", "There is no seat left, and too many wait for one.");
            return await Done(tx, await rows.Add(tx, it, offering, client, caller.Id, isSeated: false));
        }, ct);

        async Task<Results<Created<EnrolmentView>, ProblemHttpResult>> Seat(Transaction tx, Class it, Enrolment? before)
        {
            await Busy.Busy.Lock(tx, client);
            if ((await Busy.Busy.Of(tx, [client], it.StartsAt, it.EndsAt, clock.GetUtcNow())).Count > 0) return Enrolment.Busy();
            if (before is null) return await Done(tx, await rows.Add(tx, it, offering, client, caller.Id, isSeated: true));
            await rows.Take(tx, it, offering.Zone, before);
            return await Done(tx, before.Id);
        }

        async Task<Created<EnrolmentView>> Done(Transaction tx, Guid enrolment) =>
            TypedResults.Created($"/api/v1/classes/{id}", await EnrolmentView.Read(tx, enrolment));
    }
}
