using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FitFlow.Scheduling.Tests.Classes;
using FitFlow.Scheduling.Tests.ICalParser;
using FitFlow.ServiceDefaults;
using NodaTime;

namespace FitFlow.Scheduling.Tests.Calendars;

public sealed class FeedTests(RunningSystem system)
{
    [Fact]
    public async Task WhoKnowsTheAddressReadsTheCalendar()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, room) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenRoom());
        var type = await studio.GivenSessionType(("room_ids", new[] { room }));
        var at = SchedulingStory.At(days: 3, hour: 10);
        var id = (await studio.GivenBooking(type, trainer, client, at)).Id();
        Assert.Equal(JsonValueKind.Null, (await Asked(client)).GetProperty("created_at").ValueKind);

        var made = await Made(client);

        var address = new Uri(made.Text("url"));
        Assert.Equal(system.Gateway.GetLeftPart(UriPartial.Authority), address.GetLeftPart(UriPartial.Authority));
        Assert.Equal($"webcal://{address.Authority}{address.AbsolutePath}", made.Text("webcal_url"));
        Assert.Equal(made.Time("created_at"), (await Asked(client)).Time("created_at"));
        using var answer = await Fetch(made);
        answer.ShouldBe(HttpStatusCode.OK);
        Assert.Equal("text/calendar; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("max-age=300, private", answer.Headers.CacheControl?.ToString());
        var calendar = await Parser.Read(await answer.Content.ReadAsStringAsync());
        Assert.Equal(("PUBLISH", "FitFlow"), (calendar.Method, calendar.Name));
        Assert.Equal(new Occurrence($"{id}@fitflow", "Personal training with Ada Byron", "Studio A", "CONFIRMED", 0, at, at.AddHours(1)), Assert.Single(calendar.Occurrences));
        Assert.Equal([at], (await Read(await Made(trainer))).Confirmed);
        Assert.Empty((await Read(await Made(await studio.GivenClient()))).Occurrences);
    }

    [Fact]
    public async Task OnlyItsHashIsKept()
    {
        var person = await system.GivenSomebody();
        var token = new Uri((await Made(person)).Text("url")).Segments[^1][..^".ics".Length];

        var hash = await system.Database("schedulingdb").Read("SELECT token_hash FROM calendar_feeds WHERE person_id = @id", row => (byte[])row[0]!, ("id", person.Id));

        Assert.Equal(43, token.Length);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(token)), hash.Single());
    }

    [Fact]
    public async Task WhatIsMadeAnewReplacesWhatWasAndWhatIsRevokedIsGone()
    {
        var person = await system.GivenSomebody();
        var first = await Made(person);
        var second = await Made(person);

        Assert.NotEqual(first.Text("url"), second.Text("url"));
        await Fetch(first).Refused(HttpStatusCode.NotFound, "calendar.no_feed");
        (await Fetch(second)).ShouldBe(HttpStatusCode.OK);

        using var http = person.Http();
        (await http.DeleteAsync("/api/v1/me/calendar/feed")).ShouldBe(HttpStatusCode.NoContent);
        (await http.DeleteAsync("/api/v1/me/calendar/feed")).ShouldBe(HttpStatusCode.NoContent);
        await Fetch(second).Refused(HttpStatusCode.NotFound, "calendar.no_feed");
        Assert.Equal(JsonValueKind.Null, (await Asked(person)).GetProperty("created_at").ValueKind);
    }

    [Theory]
    [InlineData("/api/v1/calendar/feeds/x.ics")]
    [InlineData("/api/v1/calendar/feeds/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics")]
    [InlineData("/api/calendar/feeds/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics")]
    public async Task AnAddressThatNobodyMadeLeadsNowhere(string address)
    {
        using var http = system.Anonymous();

        await http.GetAsync(address).Refused(HttpStatusCode.NotFound, "calendar.no_feed");
    }

    [Fact]
    public async Task WhatIsStillTheSameIsNotSentAgain()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        await studio.GivenBooking(type, trainer, client, SchedulingStory.At(days: 3, hour: 10));
        var feed = await Made(client);
        var tag = (await Fetch(feed)).Headers.ETag!;

        using var same = await Fetch(feed, tag);
        same.ShouldBe(HttpStatusCode.NotModified);
        Assert.Empty(await same.Content.ReadAsByteArrayAsync());

        await studio.GivenBooking(type, trainer, client, SchedulingStory.At(days: 4, hour: 10));
        using var other = await Fetch(feed, tag);
        other.ShouldBe(HttpStatusCode.OK);
        Assert.NotEqual(tag, other.Headers.ETag);
    }

    [Fact]
    public async Task ASeriesAcrossBothChangesOfTheClocksIsWhenItsSessionsAre()
    {
        var (studio, elsewhere) = (await system.GivenStudio(), await system.GivenStudio());
        await system.Database("schedulingdb").Write(
            "INSERT INTO studios_rows (tenant_id, time_zone, currency, is_active) VALUES (@id, 'Europe/Paris', 'CAD', TRUE) ON DUPLICATE KEY UPDATE time_zone = 'Europe/Paris'", ("id", elsewhere.Id));
        var (trainer, client) = (await studio.GivenTrainerAtWork(), await studio.GivenClient());
        client = await elsewhere.Admit(client, Role.Client);
        var other = await elsewhere.GivenTrainerAtWork();
        var type = await studio.GivenSessionType(("horizon_days", 730));
        var series = await Series(studio, client, type, trainer, "10:00", 52);
        await Series(elsewhere, client, await elsewhere.GivenSessionType(("horizon_days", 730)), other, "19:30", 52);
        var booked = series.GetProperty("booked").EnumerateArray().ToList();
        await studio.Post(client, $"/api/v1/bookings/{booked[5].Id()}/reschedule", new { starts_at = booked[5].Time("starts_at").AddHours(27) }).Ok();
        await studio.Post(client, $"/api/v1/bookings/{booked[9].Id()}/cancel", new { reason = "illness" }).Ok();

        var calendar = await Read(await Made(client));

        var expected = await system.Database("schedulingdb").Read(
            "SELECT starts_at FROM bookings_rows WHERE owner_id = @client AND status = 'confirmed' ORDER BY starts_at", row => new DateTimeOffset((DateTime)row[0]!, TimeSpan.Zero), ("client", client.Id));
        Assert.Equal(103, expected.Count);
        Assert.Equal(expected, calendar.Confirmed);
        Assert.Equal((3, 2), (calendar.Events, calendar.Rules));
        Assert.Equal(expected, (await Read(await Made(trainer))).Confirmed.Concat((await Read(await Made(other))).Confirmed).Order());
    }

    [Fact]
    public async Task WhatWasCancelledSaysSoForAMonth()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var id = (await studio.GivenBooking(type, trainer, client, SchedulingStory.At(days: 40, hour: 10))).Id();
        await studio.Post(client, $"/api/v1/bookings/{id}/cancel", new { reason = "illness" }).Ok();
        var feed = await Made(client);

        var one = Assert.Single((await Read(feed)).Occurrences);
        Assert.Equal(($"{id}@fitflow", "CANCELLED", 1), (one.Uid, one.Status, one.Sequence));

        await system.Database("schedulingdb").Write("UPDATE bookings_rows SET updated_at = TIMESTAMPADD(DAY, -31, updated_at) WHERE id = @id", ("id", id));
        Assert.Empty((await Read(feed)).Occurrences);
    }

    [Fact]
    public async Task ClassesAreInTheCalendarsOfThoseWhoHaveASeatAndOfWhoGivesThem()
    {
        var studio = await system.GivenStudio();
        var (trainer, people) = (await studio.GivenTrainerAtWork(), await studio.GivenClients(2));
        var at = SchedulingStory.At(days: 3, hour: 18);
        var id = (await studio.GivenClass(await studio.GivenClassType(), trainer, at, ("capacity", 1))).Id();
        await studio.GivenEnrolled(id, people);

        Assert.Equal(("Yoga with Ada Byron", at), (await Read(await Made(people[0]))).Occurrences.Select(one => (one.Summary, one.Start)).Single());
        Assert.Empty((await Read(await Made(people[1]))).Occurrences);
        Assert.Equal(("Yoga", at), (await Read(await Made(trainer))).Occurrences.Select(one => (one.Summary, one.Start)).Single());
    }

    [Fact]
    public async Task ItIsWrittenInThePersonsLanguage()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainerAtWork(), await studio.GivenMember("client"));
        await studio.GivenBooking(await studio.GivenSessionType(), trainer, client, SchedulingStory.At(days: 3, hour: 10));
        var feed = await Made(client);
        Assert.Equal("Personal training with Ada Byron", (await Read(feed)).Occurrences[0].Summary);

        using var http = client.Http();
        (await http.PutAsJsonAsync("/api/v1/users/me", new { first_name = "Grace", last_name = "Hopper", language = "fr" })).ShouldBe(HttpStatusCode.OK);

        await Eventually.Holds(async () => (await Read(feed)).Occurrences[0].Summary == "Personal training avec Ada Byron", "it is in French");
    }

    [Fact]
    public async Task WhoIsDeactivatedOrErasedHasNone()
    {
        var studio = await system.GivenStudio();
        var (deactivated, erased) = (await studio.GivenMember("client"), await studio.GivenMember("client"));
        var feeds = new[] { await Made(deactivated), await Made(erased) };
        foreach (var feed in feeds) (await Fetch(feed)).ShouldBe(HttpStatusCode.OK);

        using var admin = (await system.GivenAdmin()).Http();
        (await admin.PostAsync($"/api/v1/users/{deactivated.Id}/deactivate", content: null)).ShouldBe(HttpStatusCode.NoContent);
        using var http = erased.Http();
        (await http.PostAsJsonAsync("/api/v1/users/me/erase", new { password = erased.Password })).ShouldBe(HttpStatusCode.OK);

        foreach (var feed in feeds) await Eventually.Holds(async () => (await Fetch(feed)).StatusCode == HttpStatusCode.NotFound, "the feed is gone");
    }

    [Fact]
    public async Task OneSessionIsAFile()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, stranger) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenClient());
        var at = SchedulingStory.At(days: 3, hour: 10);
        var id = (await studio.GivenBooking(await studio.GivenSessionType(("name", "Massage")), trainer, client, at)).Id();

        foreach (var by in new[] { client, trainer, studio.Owner })
        {
            using var answer = await studio.Get(by, $"/api/v1/bookings/{id}/ics");
            answer.ShouldBe(HttpStatusCode.OK);
            Assert.Equal("attachment; filename=fitflow.ics; filename*=UTF-8''fitflow.ics", answer.Content.Headers.ContentDisposition?.ToString());
            var calendar = await Parser.Read(await answer.Content.ReadAsStringAsync());
            Assert.Equal(("REQUEST", $"{id}@fitflow", "Massage with Ada Byron", at), (calendar.Method, calendar.Occurrences[0].Uid, calendar.Occurrences[0].Summary, calendar.Occurrences[0].Start));
        }

        await studio.Get(stranger, $"/api/v1/bookings/{id}/ics").Refused(HttpStatusCode.NotFound, "bookings.unknown");
        await studio.Get(client, $"/api/v1/bookings/{id}/ics?for=everybody").Refused(HttpStatusCode.BadRequest, "request.invalid");
        await studio.Post(client, $"/api/v1/bookings/{id}/cancel", new { reason = "illness" }).Ok();
        using var cancelled = await studio.Get(client, $"/api/v1/bookings/{id}/ics?for=trainer");
        Assert.Equal("CANCEL", (await Parser.Read(await cancelled.Content.ReadAsStringAsync())).Method);
    }

    private static Task<JsonElement> Series(Studio studio, Person client, Guid type, Person trainer, string starts, int occurrences) =>
        studio.Post(client, "/api/v1/bookings/series", new
        {
            session_type_id = type,
            trainer_id = trainer.Id,
            recurrence = new { starts_on = Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()).InUtc().Date.PlusDays(3).ToString("uuuu-MM-dd", null), starts, occurrences },
        }).Created();

    private static async Task<JsonElement> Made(Person person)
    {
        using var http = person.Http();
        return await http.PostAsync("/api/v1/me/calendar/feed", content: null).Created();
    }

    private static async Task<JsonElement> Asked(Person person)
    {
        using var http = person.Http();
        return await http.GetAsync("/api/v1/me/calendar/feed").Ok();
    }

    private static async Task<Parsed> Read(JsonElement feed)
    {
        using var answer = await Fetch(feed);
        answer.ShouldBe(HttpStatusCode.OK);
        return await Parser.Read(await answer.Content.ReadAsStringAsync());
    }

    private static async Task<HttpResponseMessage> Fetch(JsonElement feed, EntityTagHeaderValue? tag = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, feed.Text("url"));
        if (tag is not null) request.Headers.IfNoneMatch.Add(tag);
        return await http.SendAsync(request);
    }
}
