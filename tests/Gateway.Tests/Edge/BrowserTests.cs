using System.Net;
using System.Net.Http.Json;

namespace FitFlow.Gateway.Tests.Edge;

/// What pages of other origins may do, and what browsers are told about every answer.
public sealed class BrowserTests(World world) : IClassFixture<World>
{
    private const string Login = "/api/v1/auth/login";
    private const string Me = "/api/v1/users/me";

    private readonly GatewayProcess _gateway = world.Gateway;

    [Theory]
    [InlineData("https://app.example.org")]
    [InlineData("http://localhost:3000")]
    public async Task APageOfAnOriginOnTheListMayCallWithCredentials(string origin)
    {
        var allowed = await Preflight(origin, Me, "PUT", "authorization,content-type,x-studio-id,x-csrf-token,idempotency-key");

        allowed.ShouldBe(HttpStatusCode.NoContent);
        Assert.Equal(origin, One(allowed, "Access-Control-Allow-Origin"));
        Assert.Equal("true", One(allowed, "Access-Control-Allow-Credentials"));
        Assert.Contains("PUT", One(allowed, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Contains("X-Studio-Id", One(allowed, "Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("https://evil.example.org")]
    [InlineData("https://app.example.org.evil.org")]
    [InlineData("http://app.example.org")]
    [InlineData("https://app.example.org:8443")]
    [InlineData("null")]
    public async Task APageOfAnyOtherOriginMayNot(string origin)
    {
        var refused = await Preflight(origin, Me, "GET", "authorization");
        Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(refused.Headers.Contains("Access-Control-Allow-Credentials"));

        using var simple = new HttpRequestMessage(HttpMethod.Get, Me) { Headers = { { "Origin", origin } } };
        Assert.False((await _gateway.Http.SendAsync(simple)).Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData(Me, HttpStatusCode.Unauthorized)]
    [InlineData("/api/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("/api/v9/users", HttpStatusCode.NotFound)]
    public async Task APageOnTheListMayReadErrorsToo(string address, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Origin", "https://app.example.org" } } };

        var answer = await _gateway.Http.SendAsync(request);

        answer.ShouldBe(status);
        Assert.Equal("https://app.example.org", One(answer, "Access-Control-Allow-Origin"));
        Assert.Contains("RateLimit-Remaining", One(answer, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
        Assert.Contains("Origin", One(answer, "Vary"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/docs")]
    [InlineData("/openapi/v1.json")]
    [InlineData(Me)]
    [InlineData("/api/v1/nothing")]
    [InlineData("/nothing")]
    [InlineData("/api/v1/users//me")]
    public async Task EveryAnswerTellsTheBrowserToBeCareful(string address)
    {
        var answer = await _gateway.Http.GetAsync(address);

        Assert.StartsWith("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", One(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", One(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("nosniff", One(answer, "X-Content-Type-Options"));
        Assert.Equal("DENY", One(answer, "X-Frame-Options"));
        Assert.Equal("no-referrer", One(answer, "Referrer-Policy"));
        Assert.Equal("same-origin", One(answer, "Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", One(answer, "Cross-Origin-Resource-Policy"));
        Assert.Contains("geolocation=()", One(answer, "Permissions-Policy"), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task OverHttpsTheBrowserIsToldToStayThere()
    {
        await using var gateway = await GatewayProcess.Start([world.Identity], ("KnownProxies", "127.0.0.1"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/nothing") { Headers = { { "X-Forwarded-Proto", "https" } } };

        Assert.Equal("max-age=31536000; includeSubDomains", One(await gateway.Http.SendAsync(request), "Strict-Transport-Security"));
    }

    [Theory]
    [InlineData(Login)]
    [InlineData("/api/auth/refresh")]
    public async Task NobodyKeepsWhatSignsPeopleIn(string address)
    {
        Assert.Equal("no-store", One(await _gateway.Http.PostAsJsonAsync(address, new { }), "Cache-Control"));
    }

    [Fact]
    public async Task WhatAServiceGivesAwayAboutItselfStaysInside()
    {
        await using var chatty = await Stub.Start("training", async http =>
        {
            http.Response.Headers.Server = "Kestrel";
            http.Response.Headers["X-Powered-By"] = "FitFlow";
            http.Response.Headers.ContentSecurityPolicy = "default-src *";
            http.Response.Headers.CacheControl = "private, max-age=60";
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(http.Response, "hello");
        });
        await using var gateway = await GatewayProcess.Start([world.Identity, chatty]);
        using var ann = gateway.As(Stub.Person());

        var answer = await ann.GetAsync("/api/v1/workouts");

        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("X-Powered-By"));
        Assert.StartsWith("default-src 'none'", One(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("max-age=60, private", One(answer, "Cache-Control"));
    }

    private async Task<HttpResponseMessage> Preflight(string origin, string address, string method, string headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, address)
        {
            Headers = { { "Origin", origin }, { "Access-Control-Request-Method", method }, { "Access-Control-Request-Headers", headers } },
        };
        return await _gateway.Http.SendAsync(request);
    }

    private static string One(HttpResponseMessage answer, string header) => answer.Headers.TryGetValues(header, out var values)
        ? string.Join(", ", values)
        : throw new Xunit.Sdk.XunitException($"{answer.RequestMessage!.RequestUri} has no {header}");
}
