using System.Net;
using System.Net.Http.Json;
using FitFlow.ServiceDefaults;

namespace FitFlow.Gateway.Tests.Routing;

public sealed class RouteTests : IClassFixture<World>
{
    private readonly Stub _identity;
    private readonly GatewayProcess _gateway;

    public RouteTests(World world)
    {
        (_identity, _gateway) = (world.Identity, world.Gateway);
        _identity.Forget();
    }

    [Theory]
    [InlineData("/api/v1/users/me", "identity", "/api/v1/users/me")]
    [InlineData("/api/users/me", "identity", "/api/v1/users/me")]
    [InlineData("/api/v1/studios?all=true&q=a%20b", "identity", "/api/v1/studios?all=true&q=a%20b")]
    [InlineData("/api/invitations/accept", "identity", "/api/v1/invitations/accept")]
    [InlineData("/api/v1/audit", "identity", "/api/v1/audit")]
    [InlineData("/api/v1/auth/sessions/1", "identity", "/api/v1/auth/sessions/1")]
    [InlineData("/api/v1/programs/7/complete", "training", "/api/v1/programs/7/complete")]
    [InlineData("/api/diet-plans", "training", "/api/v1/diet-plans")]
    [InlineData("/API/V1/Workouts/A", "training", "/api/v1/workouts/A")]
    public async Task EachAddressIsAnsweredByItsService(string address, string service, string there)
    {
        using var ann = _gateway.As(Stub.Person());

        var answer = await ann.GetAsync(address);

        answer.ShouldBe(HttpStatusCode.OK);
        var seen = (await answer.Content.ReadFromJsonAsync<Seen>())!;
        Assert.Equal((service, there), (seen.Service, seen.Target));
    }

    [Theory]
    [InlineData("/api/v1/bookings", "scheduling")]
    [InlineData("/api/v1/availability", "scheduling")]
    [InlineData("/api/session-types", "scheduling")]
    [InlineData("/api/v1/metrics", "progress")]
    [InlineData("/api/v1/analytics/client/1", "progress")]
    [InlineData("/api/v1/notifications/unread/count", "notifications")]
    [InlineData("/api/v1/payments", "payments")]
    [InlineData("/api/v1/threads", "messaging")]
    [InlineData("/api/v1/files/1", "files")]
    [InlineData("/api/v1/reports", "insights")]
    public async Task AServiceThatIsNotThereIsNamed(string address, string service)
    {
        using var ann = _gateway.As(Stub.Person());

        var answer = await ann.GetAsync(address);

        var problem = await answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "dependency.unavailable");
        Assert.Equal(service, problem.GetProperty("dependency").GetString());
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api")]
    [InlineData("/api/v1")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/nothing/at/all")]
    [InlineData("/api/v1/gyms")]
    [InlineData("/api/v1/internal/denials")]
    [InlineData("/internal/denials")]
    [InlineData("/internal")]
    [InlineData("/api/v1/auth/service-token")]
    [InlineData("/api/auth/service-token")]
    [InlineData("/api/v1/auth/service-token/")]
    [InlineData("/api/v1/AUTH/Service-Token")]
    [InlineData("/api/v1/auth/service-token/more")]
    public async Task WhatIsNotForTheWorldIsNotThere(string address)
    {
        using var admin = _gateway.As(Stub.Person(Role.Admin));

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            using var request = new HttpRequestMessage(method, address);
            await (await admin.SendAsync(request)).ShouldBeProblem(HttpStatusCode.NotFound, "not_found");
        }

        Assert.Empty(_identity.Seen);
    }

    [Theory]
    [InlineData("/api/v9/users/me")]
    [InlineData("/api/v2/auth/login")]
    [InlineData("/api/V0/x")]
    public async Task AVersionThatDoesNotExistIsAnsweredWithThoseThatDo(string address)
    {
        var problem = await (await _gateway.Http.GetAsync(address)).ShouldBeProblem(HttpStatusCode.NotFound, "api.version_unknown");

        Assert.Equal(["v1"], problem.GetProperty("versions").EnumerateArray().Select(version => version.GetString()));
    }

    [Fact]
    public async Task ThePublishedKeysAreThereForAnybody()
    {
        var keys = await _gateway.Http.GetAsync("/.well-known/jwks.json");

        keys.ShouldBe(HttpStatusCode.OK);
        Assert.False(keys.Headers.Contains("RateLimit-Limit"));
    }

    [Theory]
    [InlineData("register")]
    [InlineData("verify-email")]
    [InlineData("verify-email/resend")]
    [InlineData("login")]
    [InlineData("refresh")]
    [InlineData("logout")]
    [InlineData("forgot-password")]
    [InlineData("reset-password")]
    [InlineData("passkeys/sign-in/options")]
    [InlineData("passkeys/sign-in")]
    public async Task TheWayInIsOpenAlsoWithATokenThatIsNoGood(string path)
    {
        foreach (var token in new[] { null, "nonsense", Stub.Sign(Stub.Person() with { ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(-1) }) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/auth/{path}") { Content = JsonContent.Create(new { a = 1 }) };
            if (token is not null) request.Headers.Authorization = new("Bearer", token);

            (await _gateway.Http.SendAsync(request)).ShouldBe(HttpStatusCode.OK);
        }

        Assert.Equal($"/api/v1/auth/{path}", _identity.Last.Target);
        Assert.Equal("""{"a":1}""", _identity.Last.Body);
    }

    [Theory]
    [InlineData("GET", "/api/v1/users/me")]
    [InlineData("GET", "/api/v1/auth/sessions")]
    [InlineData("POST", "/api/v1/auth/logout-everywhere")]
    [InlineData("POST", "/api/v1/auth/passkeys")]
    [InlineData("GET", "/api/v1/auth/login")]
    [InlineData("POST", "/api/v1/auth/login/more")]
    [InlineData("GET", "/api/v1/dashboard/client/0197a0a0-0000-7000-8000-000000000000")]
    [InlineData("GET", "/api/v1/bookings")]
    public async Task AllElseNeedsAValidToken(string method, string address)
    {
        using var nameless = new HttpRequestMessage(new(method), address);
        await (await _gateway.Http.SendAsync(nameless)).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.required");

        using var forged = new HttpRequestMessage(new(method), address);
        forged.Headers.Authorization = new("Bearer", Stub.Sign(Stub.Person())[..^4] + "AAAA");
        await (await _gateway.Http.SendAsync(forged)).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.token_invalid");
        Assert.Empty(_identity.Seen);
    }

    [Fact]
    public async Task AServicesOwnTokenIsGoodInsideOnly()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var service = _gateway.As(new()
        {
            Subject = "service:notifications",
            TokenId = "1",
            Issuer = "fitflow-identity",
            Audience = "fitflow",
            IssuedAt = now,
            ExpiresAt = now.AddMinutes(5),
        });

        await (await service.GetAsync("/api/v1/users/me")).ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");
        Assert.Empty(_identity.Seen);
    }
}
