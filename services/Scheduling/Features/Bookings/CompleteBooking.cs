using System.ComponentModel.DataAnnotations;
using FitFlow.Contracts.Scheduling;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Bookings;

/// The session took place. From here the client's workout log and everybody's figures follow.
internal static class CompleteBooking
{
    public sealed record Request([StringLength(4_000)] string? TrainerNotes = null);

    public static async Task<Results<Ok<BookingView>, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, Db db, TimeProvider clock, CancellationToken ct) =>
        await db.ForTenant(caller.Studio).InTransaction<Results<Ok<BookingView>, ProblemHttpResult>>(async tx =>
        {
            if (await Booking.Lock(tx, id) is not { } booking || !caller.IsStaffFor(booking.TrainerId)) return Booking.Unknown();
            if (booking.Status != BookingStatus.Confirmed) return booking.Over();
            if (booking.StartsAt > clock.GetUtcNow()) return NotStarted(booking);

            await Ending.Write(tx, booking, BookingStatus.Completed, caller.Id, request.TrainerNotes, clock.GetUtcNow());
            var zone = (await Studio.Find(tx))!.Zone;
            var (start, end) = (PlannedSession.LocalOf(zone, booking.StartsAt), PlannedSession.LocalOf(zone, booking.EndsAt));
            tx.Append(new BookingCompleted(
                id, booking.ClientId, booking.TrainerId, booking.StudioId, start.Date.ToDateOnly(), start.TimeOfDay.ToTimeOnly(), end.TimeOfDay.ToTimeOnly(),
                (int)(booking.EndsAt - booking.StartsAt).TotalMinutes, booking.StartsAt));
            return TypedResults.Ok(BookingView.Of(await Booking.Read(tx, id)));
        }, ct);

    public static ProblemHttpResult NotStarted(Booking booking) =>
        Problems.Conflict("bookings.not_started", "This session has not begun yet.", ("starts_at", booking.StartsAt));
}
