using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Series;

/// All sessions of a series, also those that are over or cancelled.
internal static class GetSeries
{
    public sealed record Response(Guid Id, IReadOnlyList<BookingView> Bookings);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, People.People people, CancellationToken ct)
    {
        var bookings = await SeriesBookings.Of(db.ForTenant(caller.Studio), id, ct);
        Booking[] seen = [.. bookings.Where(caller.MaySee)];
        return seen.Length == 0
            ? SeriesBookings.Unknown()
            : TypedResults.Ok(new Response(id, await BookingView.Of(caller.Studio, seen, people, ct)));
    }
}
