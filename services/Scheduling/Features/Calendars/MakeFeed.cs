using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Calendars;

/// A secret address by which one's calendar can be read. It is said this once; whoever asks again gets another, and the one before is worth nothing.
internal static class MakeFeed
{
    public sealed record Response(string Url, string WebcalUrl, DateTimeOffset CreatedAt);

    public static async Task<Created<Response>> Handle(Caller caller, Db db, FeedAddress addresses, TimeProvider clock, CancellationToken ct)
    {
        var (token, now) = (FeedToken.New(), clock.GetUtcNow());
        await db.Global().Execute(
            """
            INSERT INTO calendar_feeds (person_id, token_hash, created_at)
            VALUES (@Id, @Hash, @Now)
            ON DUPLICATE KEY UPDATE token_hash = @Hash, created_at = @Now
            """, new { caller.Id, Hash = FeedToken.Hash(token), now }, ct);
        var address = addresses.Of(token);
        return TypedResults.Created("/api/v1/me/calendar/feed", new Response(address, FeedAddress.Webcal(address), now));
    }
}
