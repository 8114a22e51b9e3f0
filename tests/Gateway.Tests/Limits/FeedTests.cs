using System.Net;
using System.Net.Http.Json;

namespace FitFlow.Gateway.Tests.Limits;

/// Calendars that programs fetch for people, from a few addresses for very many. Each feed and each address here is somebody new.
public sealed class FeedTests : IAsyncLifetime
{
    private Stub _scheduling = null!;
    private GatewayProcess _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _scheduling = await Stub.Start("scheduling");
        _gateway = await GatewayProcess.Start([_scheduling], ("RateLimits:Feed:Limit", "3"), ("RateLimits:FeedReader:Limit", "10"), ("KnownProxies", "127.0.0.1"));
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _scheduling.DisposeAsync();
    }

    [Theory]
    [InlineData("/api/v1/calendar/feeds/")]
    [InlineData("/api/calendar/feeds/")]
    public async Task AnybodyReachesAFeed(string root)
    {
        var feed = NewFeed();

        var answer = await Fetch($"{root}{feed}", NewAddress());

        answer.ShouldBe(HttpStatusCode.OK);
        Assert.Equal(("scheduling", $"/api/v1/calendar/feeds/{feed}"), ((await answer.Content.ReadFromJsonAsync<Seen>())!.Service, _scheduling.Last.Target));
        foreach (var (method, path) in new[] { (HttpMethod.Post, $"{root}{feed}"), (HttpMethod.Get, $"{root}{feed}/more"), (HttpMethod.Get, "/api/v1/calendar"), (HttpMethod.Get, "/api/v1/me/calendar/feed") })
        {
            using var request = new HttpRequestMessage(method, path);
            await (await _gateway.Http.SendAsync(request)).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.required");
        }
    }

    [Fact]
    public async Task AFeedIsReadSoOftenWhoeverReadsIt()
    {
        var feed = NewFeed();
        for (var left = 2; left >= 0; left--)
        {
            var answer = await Fetch($"/api/v1/calendar/feeds/{feed}", NewAddress());
            answer.ShouldBe(HttpStatusCode.OK);
            Assert.Equal(("3", left.ToString()), (One(answer, "RateLimit-Limit"), One(answer, "RateLimit-Remaining")));
        }

        await (await Fetch($"/api/calendar/feeds/{feed}", NewAddress())).ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_requests");
        (await Fetch($"/api/v1/calendar/feeds/{NewFeed()}", NewAddress())).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task AReaderReadsSoManyFeeds()
    {
        var address = NewAddress();
        for (var i = 0; i < 10; i++) (await Fetch($"/api/v1/calendar/feeds/{NewFeed()}", address)).ShouldBe(HttpStatusCode.OK);

        var refused = await Fetch($"/api/v1/calendar/feeds/{NewFeed()}", address);

        await refused.ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_requests");
        Assert.Equal("10", One(refused, "RateLimit-Limit"));
        (await Fetch($"/api/v1/calendar/feeds/{NewFeed()}", NewAddress())).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task TheAddressIsInNoLog()
    {
        var feed = NewFeed();
        var scheduling = await Stub.Start("scheduling");
        var gateway = await GatewayProcess.Start([scheduling]);
        (await gateway.Http.GetAsync($"/api/v1/calendar/feeds/{feed}")).ShouldBe(HttpStatusCode.OK);
        await scheduling.DisposeAsync();
        (await gateway.Http.GetAsync($"/api/v1/calendar/feeds/{feed}")).ShouldBe(HttpStatusCode.ServiceUnavailable);

        await gateway.DisposeAsync();

        Assert.NotEmpty(gateway.Output);
        Assert.DoesNotContain(gateway.Output, line => line.Contains(feed, StringComparison.Ordinal));
    }

    private async Task<HttpResponseMessage> Fetch(string path, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-Forwarded-For", address } } };
        return await _gateway.Http.SendAsync(request);
    }

    private static string NewFeed() => $"{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}.ics";

    private static string NewAddress() => $"198.{Random.Shared.Next(256)}.{Random.Shared.Next(256)}.{Random.Shared.Next(256)}";

    private static string One(HttpResponseMessage answer, string header) => Assert.Single(answer.Headers.GetValues(header));
}
