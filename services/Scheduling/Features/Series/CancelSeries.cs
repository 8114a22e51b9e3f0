using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Series;

/// Ends a series, or what is left of it from one session on. What it is too late to cancel stays, and is named.
internal static class CancelSeries
{
    public sealed record Request(SeriesScope Scope, CancelReason Reason, Guid? FromBookingId = null, [StringLength(500)] string? Note = null);

    public sealed record Response(IReadOnlyList<BookingView> Cancelled, IReadOnlyList<BookingView> Kept);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, Db db, BookingRows rows, TimeProvider clock, CancellationToken ct)
    {
        if (request is { Scope: SeriesScope.Following, FromBookingId: null }) return SeriesBookings.FromMissing();
        if (!(await SeriesBookings.Of(db.ForTenant(caller.Studio), id, ct)).Any(caller.MaySee)) return SeriesBookings.Unknown();

        return await db.ForTenant(caller.Studio).InTransaction<Results<Ok<Response>, ProblemHttpResult>>(async tx =>
        {
            var now = clock.GetUtcNow();
            var upcoming = await SeriesBookings.LockUpcoming(tx, id, request.Scope, request.FromBookingId, now);
            if (upcoming.Count == 0) return SeriesBookings.NothingLeft();

            var zone = (await Studio.Find(tx))!.Zone;
            var (cancelled, kept) = (new List<BookingView>(), new List<BookingView>());
            foreach (var booking in upcoming)
            {
                if (caller.MaySee(booking) && CancelBooking.OutcomeFor(caller, booking, now) is { } outcome)
                    cancelled.Add(BookingView.Of(await rows.Cancel(tx, booking, zone, caller.Id, request.Reason, request.Note, outcome)));
                else
                    kept.Add(BookingView.Of(booking));
            }

            return cancelled.Count == 0 ? CancelBooking.TooLate(upcoming[0]) : TypedResults.Ok(new Response(cancelled, kept));
        }, ct);
    }
}
