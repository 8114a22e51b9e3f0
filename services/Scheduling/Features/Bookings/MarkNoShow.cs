using FitFlow.Contracts.Scheduling;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Bookings;

/// The client did not come.
internal static class MarkNoShow
{
    public static async Task<Results<Ok<BookingView>, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, TimeProvider clock, CancellationToken ct) =>
        await db.ForTenant(caller.Studio).InTransaction<Results<Ok<BookingView>, ProblemHttpResult>>(async tx =>
        {
            if (await Booking.Lock(tx, id) is not { } booking || !caller.IsStaffFor(booking.TrainerId)) return Booking.Unknown();
            if (booking.Status != BookingStatus.Confirmed) return booking.Over();
            if (booking.StartsAt > clock.GetUtcNow()) return CompleteBooking.NotStarted(booking);

            await Ending.Write(tx, booking, BookingStatus.NoShow, caller.Id, trainerNotes: null, clock.GetUtcNow());
            var local = PlannedSession.LocalOf((await Studio.Find(tx))!.Zone, booking.StartsAt);
            tx.Append(new BookingNoShow(
                id, booking.ClientId, booking.TrainerId, booking.StudioId, local.Date.ToDateOnly(), local.TimeOfDay.ToTimeOnly(), booking.StartsAt));
            return TypedResults.Ok(BookingView.Of(await Booking.Read(tx, id)));
        }, ct);
}
