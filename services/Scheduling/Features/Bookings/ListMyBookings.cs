using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Bookings;

/// One's own sessions as a client in whatever studio, from now on unless another time is named.
internal static class ListMyBookings
{
    public static async Task<Results<Ok<Page<BookingView>>, ProblemHttpResult>> Handle(
        DateTimeOffset? from, DateTimeOffset? to, [StringLength(200)] string? cursor, [Range(1, Paging.MaxSize)] int? limit, Caller caller, Db db,
        People.People people, TimeProvider clock, CancellationToken ct)
    {
        if (Paging.Read(cursor, limit, "my-bookings", caller.Id, from, to) is not { } page) return Paging.WrongCursor();
        var mine = db.ForPerson(caller.Id);
        var since = page.After is { } after
            ? await mine.QueryOne<DateTimeOffset?>("SELECT starts_at FROM bookings_mine WHERE id = @After", new { after }, ct) ?? clock.GetUtcNow()
            : from ?? clock.GetUtcNow();
        var rows = await mine.Query<Booking>(
            """
            SELECT id, tenant_id AS studio_id, owner_id AS client_id, trainer_id, session_type_id, room_id, series_id, kind AS type, starts_at, ends_at, status,
                   payment_status, price_amount, price_currency, cancel_free_until, cancel_until, booked_by, booked_at, ended_by, ended_at, cancel_reason,
                   cancel_note, cancel_outcome, trainer_notes, version
            FROM bookings_mine
            WHERE starts_at >= @Since AND (@To IS NULL OR starts_at < @To)
              AND (starts_at > @Since OR @After IS NULL OR id > @After)
            ORDER BY starts_at, id
            LIMIT @Rows
            """, new { since, to, page.After, page.Rows }, ct);
        var bookings = page.Of(rows, booking => booking.Id);

        var views = await Task.WhenAll(bookings.Data.GroupBy(booking => booking.StudioId).Select(here => BookingView.Of(here.Key, [.. here], people, ct)));
        return TypedResults.Ok(new Page<BookingView>([.. views.SelectMany(here => here).OrderBy(booking => booking.StartsAt).ThenBy(booking => booking.Id)], bookings.NextCursor));
    }
}
