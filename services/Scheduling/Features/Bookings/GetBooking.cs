using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Bookings;

internal static class GetBooking
{
    public static async Task<Results<Ok<BookingView>, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, People.People people, CancellationToken ct)
    {
        if (await Booking.Find(db.ForTenant(caller.Studio), id, ct) is not { } booking || !caller.MaySee(booking)) return Booking.Unknown();
        return TypedResults.Ok((await BookingView.Of(caller.Studio, [booking], people, ct))[0]);
    }
}
