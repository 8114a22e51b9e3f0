using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace FitFlow.EndToEnd.Tests;

/// A person's first visit, through the gateway, by way of every server.
public sealed class FirstVisitTests(RunningSystem system)
{
    [Fact]
    public async Task SomebodyRegistersSignsInAndIsWelcomedByWayOfTheBroker()
    {
        var person = await system.GivenPerson();

        await Eventually.Holds(async () => (await person.Me()).GetProperty("welcomed_at").ValueKind != JsonValueKind.Null, "the welcome has gone round");

        var me = await person.Me();
        me.GetProperty("email").GetString().ShouldBe(person.Email);
        me.GetProperty("role").GetString().ShouldBe("client");
    }

    [Theory]
    [InlineData("/api/v1/users/me")]
    [InlineData("/api/users/me")]
    public async Task BothSpellingsOfTheApiAnswer(string path)
    {
        var person = await system.GivenPerson();
        using var http = person.Http();

        (await http.GetAsync(path)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task WithoutATokenTheGatewayItselfRefuses()
    {
        using var http = system.Anonymous();

        await (await http.GetAsync("/api/v1/users/me")).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.required");
    }

    [Fact]
    public async Task AServiceAsksForTheTokenAgain()
    {
        using var http = new HttpClient { BaseAddress = system.Service("identity") };

        await (await http.GetAsync("/api/v1/users/me")).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.required");
    }

    [Fact]
    public async Task TheCallersCorrelationIdComesBackFromBehindTheGateway()
    {
        using var http = system.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/login")
        {
            Content = JsonContent.Create(new { email = "nobody@example.org", password = "not the password" }),
        };
        request.Headers.Add("X-Correlation-Id", "first-visit-1");

        var response = await http.SendAsync(request);

        var problem = await response.ShouldBeProblem(HttpStatusCode.Unauthorized, "accounts.wrong_credentials");
        problem.GetProperty("correlation_id").GetString().ShouldBe("first-visit-1");
        response.Headers.GetValues("X-Correlation-Id").ShouldBe(["first-visit-1"]);
    }

    [Fact]
    public async Task ABodyThatIsTooLargeIsTheCallersFaultAndNotTheServices()
    {
        using var http = system.Anonymous();

        var response = await http.PostAsJsonAsync("/api/v1/auth/login", new { email = "nobody@example.org", password = new string('x', 2 * 1024 * 1024) });

        await response.ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "request.too_large");
    }

    [Fact]
    public async Task WhatDoesNotExistIsAProblemToo()
    {
        using var http = system.Anonymous();

        await (await http.GetAsync("/api/v1/nothing")).ShouldBeProblem(HttpStatusCode.NotFound, "not_found");
    }
}
