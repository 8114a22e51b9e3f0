using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Bookings;

/// By what was promised when it was booked: free, late, or no more. Those who work here cancel at any time, and it costs the client nothing.
internal static class CancelBooking
{
    public sealed record Request(CancelReason Reason, [StringLength(500)] string? Note = null);

    public static async Task<Results<Ok<BookingView>, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, Db db, BookingRows rows, TimeProvider clock, CancellationToken ct) =>
        await db.ForTenant(caller.Studio).InTransaction<Results<Ok<BookingView>, ProblemHttpResult>>(async tx =>
        {
            if (await Booking.Lock(tx, id) is not { } booking || !caller.MaySee(booking)) return Booking.Unknown();
            if (booking.Status != BookingStatus.Confirmed) return booking.Over();
            if (OutcomeFor(caller, booking, clock.GetUtcNow()) is not { } outcome) return TooLate(booking);

            var zone = (await Studio.Find(tx))!.Zone;
            return TypedResults.Ok(BookingView.Of(await rows.Cancel(tx, booking, zone, caller.Id, request.Reason, request.Note, outcome)));
        }, ct);

    /// Null: it is too late.
    public static CancelOutcome? OutcomeFor(Caller caller, Booking booking, DateTimeOffset now) => booking switch
    {
        _ when caller.IsStaffFor(booking.TrainerId) => CancelOutcome.Free,
        _ when now < booking.CancelFreeUntil => CancelOutcome.Free,
        _ when now < booking.CancelUntil => CancelOutcome.Late,
        _ => null,
    };

    public static ProblemHttpResult TooLate(Booking booking) => Problems.Conflict(
        "bookings.too_late_to_cancel", "It is too late to cancel this session here: call the studio.", ("cancel_until", booking.CancelUntil));
}
