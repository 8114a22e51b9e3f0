using System.Net;
using System.Net.Http.Json;

namespace FitFlow.Gateway.Tests.Limits;

/// Small limits, on gateways of the tests' own, in the real Redis. Everybody here is somebody new, so nothing is left over from before.
public sealed class RateLimitTests : IClassFixture<RateLimitTests.Limited>
{
    private const string Login = "/api/v1/auth/login";
    private const string Me = "/api/v1/users/me";

    private readonly Stub _identity;
    private readonly GatewayProcess _gateway;

    public RateLimitTests(Limited limited)
    {
        (_identity, _gateway) = (limited.Identity, limited.Gateway);
        _identity.Forget();
    }

    public sealed class Limited : IAsyncLifetime
    {
        public Stub Identity { get; private set; } = null!;

        public GatewayProcess Gateway { get; private set; } = null!;

        public static Task<GatewayProcess> Start(Stub identity, params (string Name, string Value)[] settings) => GatewayProcess.Start(
            [identity], [("RateLimits:SignedIn:Limit", "20"), ("RateLimits:Anonymous:Limit", "5"), ("KnownProxies", "127.0.0.1"), .. settings]);

        public async ValueTask InitializeAsync()
        {
            Identity = await Stub.Start("identity");
            Gateway = await Start(Identity);
        }

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await Identity.DisposeAsync();
        }
    }

    [Fact]
    public async Task WhoeverComesTooOftenIsToldSoAndWhenToComeBack()
    {
        using var ann = _gateway.As(Stub.Person());

        for (var left = 19; left >= 0; left--)
        {
            var answer = await ann.GetAsync(Me);
            answer.ShouldBe(HttpStatusCode.OK);
            Assert.Equal(("20", left.ToString(), "20;w=900"), (One(answer, "RateLimit-Limit"), One(answer, "RateLimit-Remaining"), One(answer, "RateLimit-Policy")));
            Assert.InRange(int.Parse(One(answer, "RateLimit-Reset")), 1, 900);
        }

        var refused = await ann.GetAsync(Me);
        await refused.ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_requests");
        Assert.Equal("0", One(refused, "RateLimit-Remaining"));
        Assert.InRange(int.Parse(One(refused, "Retry-After")), 1, 900);
        Assert.Equal("DENY", One(refused, "X-Frame-Options"));
        Assert.Equal(20, _identity.Seen.Count);

        using var bob = _gateway.As(Stub.Person());
        (await bob.GetAsync(Me)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task GatewaysTogetherLetExactlyTheLimitThroughUnderARace()
    {
        await using var second = await Start();
        var person = Stub.Person();
        using var here = _gateway.As(person);
        using var there = second.As(person);

        var answers = await Task.WhenAll(Enumerable.Range(0, 80).Select(i => (i % 2 == 0 ? here : there).GetAsync(Me)));

        Assert.Equal(20, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(60, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.Equal(20, _identity.Seen.Count);
    }

    [Fact]
    public async Task FetchingInAdvanceNeverLetsMoreThrough()
    {
        await using var first = await Start(("RateLimits:SignedIn:Limit", "400"));
        await using var second = await Start(("RateLimits:SignedIn:Limit", "400"));
        var person = Stub.Person();
        using var here = first.As(person);
        using var there = second.As(person);

        var answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => (i % 3 == 0 ? here : there).GetAsync(Me)));

        Assert.Equal(400, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(600, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task WhoSignsInIsCountedByAddressWhateverTheyCarry()
    {
        var address = NewAddress();
        foreach (var path in new[] { Login, "/api/auth/register", "/api/v1/auth/refresh", "/api/auth/forgot-password", Login })
            (await SignIn(address, path, Stub.Sign(Stub.Person()))).ShouldBe(HttpStatusCode.OK);

        await (await SignIn(address, Login)).ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_requests");
        await (await SignIn(address, "/api/v1/auth/reset-password", Stub.Sign(Stub.Person()))).ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_requests");
        (await SignIn(NewAddress(), Login)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task ManyAddressesOfOneNetworkOfVersionSixAreOneCaller()
    {
        var network = $"2001:db8:{Random.Shared.Next(0x10000):x}:{Random.Shared.Next(0x10000):x}";
        for (var i = 1; i <= 5; i++) (await SignIn($"{network}::{i}", Login)).ShouldBe(HttpStatusCode.OK);

        (await SignIn($"{network}:ffff:ffff:ffff:ffff", Login)).ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task SayingToBeSomebodyElseHelpsNobody()
    {
        await using var open = await Start(("KnownProxies", "10.0.0.0/8"), ("RateLimits:Anonymous:Limit", "1000000"));
        var counts = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Login) { Headers = { { "X-Forwarded-For", NewAddress() } } };
            counts.Add(int.Parse(One(await open.Http.SendAsync(request), "RateLimit-Remaining")));
        }

        // All the same caller: what is left only grows less.
        Assert.Equal(3, counts.Distinct().Count());
    }

    [Fact]
    public async Task AWindowEndsAndAnotherBegins()
    {
        await using var quick = await Start(("RateLimits:SignedIn:Window", "00:00:02"));
        using var ann = quick.As(Stub.Person());
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => ann.GetAsync(Me)));

        await Eventually.Holds(async () => (await ann.GetAsync(Me)).StatusCode == HttpStatusCode.OK, "a new window has begun");
    }

    [Fact]
    public async Task WithoutRedisTheGatewayGoesOnCountingAloneAndSaysSoOnce()
    {
        var (proxy, redis) = CuttableProxy.For(Servers.Redis);
        await using var cut = proxy;
        await using var gateway = await Start(("ConnectionStrings:redis", redis), ("Redis:Timeout", "00:00:01"));
        var ann = Stub.Person();
        using var http = gateway.As(ann);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => http.GetAsync(Me)));

        proxy.Cut();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => http.GetAsync(Me)));
        using var bob = gateway.As(Stub.Person());
        var others = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => bob.GetAsync(Me)));

        Assert.Equal(15, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(20, others.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.All(answers.Concat(others), answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.TooManyRequests }));
        await Eventually.Holds(() => gateway.Output.Any(line => line.Contains("counted by this gateway alone", StringComparison.Ordinal)), "the log says so");
        Assert.Single(gateway.Output, line => line.Contains("counted by this gateway alone", StringComparison.Ordinal));

        proxy.Restore();
        await Eventually.Holds(async () =>
        {
            using var somebody = gateway.As(Stub.Person());
            await somebody.GetAsync(Me);
            return gateway.Output.Any(line => line.Contains("for all gateways together again", StringComparison.Ordinal));
        }, "it counts together with the others again");
    }

    [Fact]
    public async Task WhatIsRefusedAnywayCostsNothing()
    {
        using var ann = _gateway.As(Stub.Person());
        for (var i = 0; i < 25; i++) (await ann.GetAsync("/api/v1/nothing")).ShouldBe(HttpStatusCode.NotFound);

        (await ann.GetAsync(Me)).ShouldBe(HttpStatusCode.OK);
    }

    private Task<GatewayProcess> Start(params (string Name, string Value)[] settings) => Limited.Start(_identity, settings);

    private async Task<HttpResponseMessage> SignIn(string address, string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { }), Headers = { { "X-Forwarded-For", address } } };
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        return await _gateway.Http.SendAsync(request);
    }

    private static string NewAddress() => $"198.{Random.Shared.Next(256)}.{Random.Shared.Next(256)}.{Random.Shared.Next(256)}";

    private static string One(HttpResponseMessage answer, string header) => Assert.Single(answer.Headers.GetValues(header));
}
