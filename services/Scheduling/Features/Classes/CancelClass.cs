using FitFlow.Data;
using FitFlow.Scheduling.Features.Availability;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Classes;

/// How much of a series an edit is about.
internal enum ClassScope
{
    This,

    /// And all after it.
    Following,

    /// Whatever of the series is not over.
    All,
}

/// It does not take place: everybody has their time back, and owes nothing. Of a series a trainer cancels what they give themselves.
internal static class CancelClass
{
    public sealed record Request(CancelReason Reason, ClassScope Scope = ClassScope.This);

    public sealed record Response(IReadOnlyList<ClassView> Cancelled);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, Db db, ClassRows rows, SlotCache slots, TimeProvider clock, CancellationToken ct)
    {
        var studio = db.ForTenant(caller.Studio);
        if (await Class.Find(studio, id, ct) is not { } found) return Class.Unknown();
        if (!caller.IsStaffFor(found.TrainerId)) return Class.NotYours();

        return await studio.InTransaction<Results<Ok<Response>, ProblemHttpResult>>(async tx =>
        {
            var now = clock.GetUtcNow();
            IReadOnlyList<Class> locked = found.SeriesId is { } series && request.Scope != ClassScope.This
                ? await Class.LockSeries(tx, series, request.Scope == ClassScope.All ? DateTimeOffset.UnixEpoch : found.StartsAt, now)
                : [(await Class.Lock(tx, id))!];
            var here = locked.Where(one => caller.IsStaffFor(one.TrainerId) && one.Status == ClassStatus.Scheduled && one.EndsAt > now).ToList();
            if (here.Count == 0) return NothingLeft(await Class.Read(tx, id));

            var zone = (await Studio.Find(tx))!.Zone;
            var free = new List<Guid>();
            foreach (var one in here) free.AddRange(await rows.Cancel(tx, one, zone, caller.Id, request.Reason));
            slots.Drop(tx, free);
            return TypedResults.Ok(new Response(await ClassView.Read(tx, [.. here.Select(one => one.Id)], caller)));
        }, ct);
    }

    private static ProblemHttpResult NothingLeft(Class it) => it.Status == ClassStatus.Cancelled
        ? Problems.Conflict("classes.cancelled", "This class is cancelled already.")
        : Problems.Conflict("classes.over", "This class is over.");
}
