using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Calendars;

/// Whether one's calendar can be read by an address, and since when. Never by which.
internal static class GetFeed
{
    public sealed record Response(DateTimeOffset? CreatedAt);

    public static async Task<Ok<Response>> Handle(Caller caller, Db db, CancellationToken ct) => TypedResults.Ok(new Response(
        await db.Global().QueryOne<DateTimeOffset?>("SELECT created_at FROM calendar_feeds WHERE person_id = @Id", new { caller.Id }, ct)));
}
