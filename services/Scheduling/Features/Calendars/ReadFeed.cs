using System.Security.Cryptography;
using System.Text;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace FitFlow.Scheduling.Features.Calendars;

/// The calendar of whoever has made this address, for the programs that they gave it to. What leads nowhere is looked up like what leads somewhere.
internal static class ReadFeed
{
    private const int Most = 10_000;

    private static readonly TimeSpan Back = TimeSpan.FromDays(90), Ahead = TimeSpan.FromDays(731);

    public static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Handle(
        string token, HttpResponse response, Db db, People.People people, Languages languages, TimeProvider clock, CancellationToken ct)
    {
        var person = await db.Global().QueryOne<Guid?>("SELECT person_id FROM calendar_feeds WHERE token_hash = @Hash", new { Hash = FeedToken.Hash(token) }, ct);
        if (person is not { } whose) return Problems.NotFound("calendar.no_feed", "There is no calendar here (any more).");

        var now = clock.GetUtcNow();
        var rows = await PersonalRow.Read(db, "somebody's calendar is read by its address", whose, now - Back, now + Ahead, Most, ct);
        var (names, words) = (PersonalNames.Find(whose, rows, people, ct), languages.Of(whose, ct));
        var calendar = Encoding.UTF8.GetBytes(ICalendar.Published(FeedEvents.Of(rows, await names, await words, now)));
        response.Headers.CacheControl = "private, max-age=300";
        return TypedResults.Bytes(calendar, ICalendar.MediaType, entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(calendar).AsSpan(0, 16))}\""));
    }
}
