using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Series;

/// Which sessions of a series an edit is about. One alone is edited as any booking.
internal enum SeriesScope
{
    /// The named one and those after it.
    Following,
    All,
}

/// The sessions of a series.
internal static class SeriesBookings
{
    private const string Select = Booking.Select + "WHERE series_id = @Series\n";

    /// All that there ever were, in order.
    public static Task<IReadOnlyList<Booking>> Of(DbScope studio, Guid series, CancellationToken ct) =>
        studio.Query<Booking>(Select + "ORDER BY starts_at, id", new { series }, ct);

    /// Those that are still to come, from the named one on, in order; nobody else changes them until the transaction ends.
    public static async Task<IReadOnlyList<Booking>> LockUpcoming(Transaction tx, Guid series, SeriesScope scope, Guid? from, DateTimeOffset now)
    {
        var upcoming = await tx.Query<Booking>(
            Select + """
              AND status = 'confirmed' AND starts_at > @Now
            ORDER BY starts_at, id
            FOR UPDATE
            """, new { series, now });
        return scope == SeriesScope.All ? upcoming : [.. upcoming.SkipWhile(booking => booking.Id != from)];
    }

    public static ProblemHttpResult Unknown() => Problems.NotFound("series.unknown", "There is no such series.");

    public static ProblemHttpResult NothingLeft() => Problems.Conflict("series.nothing_upcoming", "Nothing of this series is still to come.");

    public static ProblemHttpResult FromMissing() => Problems.Invalid("from_booking_id", "names the session from which on it holds");
}
