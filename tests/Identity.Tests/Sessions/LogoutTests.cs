using System.Net;

namespace FitFlow.Identity.Tests.Sessions;

/// Log out here, there, everywhere; see where one is signed in.
public sealed class LogoutTests(RunningSystem system)
{
    [Fact]
    public async Task TheAccessTokenIsEnough()
    {
        var person = await system.GivenPerson();

        (await person.Post("/auth/logout")).ShouldBe(HttpStatusCode.NoContent);

        await (await Refresh(person)).ShouldBeProblem(HttpStatusCode.Unauthorized, "sessions.ended");
        await Eventually.Holds(async () => (await person.Get("/users/me")).StatusCode == HttpStatusCode.Unauthorized, "the access token is refused");
        await (await person.Get("/users/me")).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.token_revoked");
    }

    [Fact]
    public async Task TheRefreshTokenIsEnoughWhenTheAccessTokenHasRunOut()
    {
        var person = await system.GivenPerson();

        (await (person with { Token = "run.out.long" }).Post("/auth/logout", new { refresh_token = person.RefreshToken })).ShouldBe(HttpStatusCode.NoContent);

        await (await Refresh(person)).ShouldBeProblem(HttpStatusCode.Unauthorized, "sessions.ended");
    }

    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("' OR 1=1 --")]
    public async Task LoggingOutOfNothingIsNoFault(string token)
    {
        var nobody = new Person(system, Guid.Empty, "", "", Token: "none");

        (await nobody.Post("/auth/logout", new { refresh_token = token })).ShouldBe(HttpStatusCode.NoContent);
        (await nobody.Post("/auth/logout")).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task EverywhereIsEverywhere()
    {
        var person = await system.GivenPerson();
        var other = await system.SignIn(person);
        var stranger = await system.GivenPerson();

        (await person.Post("/auth/logout-everywhere")).ShouldBe(HttpStatusCode.NoContent);

        await (await Refresh(person)).ShouldBeProblem(HttpStatusCode.Unauthorized, "sessions.ended");
        await (await Refresh(other)).ShouldBeProblem(HttpStatusCode.Unauthorized, "sessions.ended");
        (await Refresh(stranger)).ShouldBe(HttpStatusCode.OK);
        // A new session is nobody's old one.
        var again = await system.SignIn(person);
        (await again.Get("/users/me")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task NobodyRefreshesTheirWayPastLoggingOutEverywhere()
    {
        var person = await system.GivenPerson();
        var others = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => system.SignIn(person)));

        var refreshing = others.Select(Refresh).ToList();
        var everywhere = person.Post("/auth/logout-everywhere");
        await Task.WhenAll([.. refreshing, everywhere]);

        (await everywhere).ShouldBe(HttpStatusCode.NoContent);
        foreach (var answer in refreshing)
        {
            if ((await answer).StatusCode != HttpStatusCode.OK) continue;
            var token = (await (await answer).Read()).GetProperty("refresh_token").GetString()!;
            await (await Refresh(person with { RefreshToken = token })).ShouldBeProblem(HttpStatusCode.Unauthorized, "sessions.ended");
        }
    }

    [Fact]
    public async Task OneSeesWhereOneIsSignedIn()
    {
        var person = await system.GivenPerson();
        var other = await system.SignIn(person);
        await system.GivenPerson();

        var answer = await (await other.Get("/auth/sessions")).Read();

        answer.GetProperty("next_cursor").GetString().ShouldBe(null);
        var sessions = answer.GetProperty("data").EnumerateArray().ToList();
        Assert.Equal([true, false], sessions.Select(session => session.GetProperty("current").GetBoolean()));
        Assert.Equal("127.0.0.1", sessions[0].GetProperty("ip").GetString());
        Assert.All(sessions, session => Assert.True(session.GetProperty("last_seen_at").GetDateTimeOffset() >= session.GetProperty("created_at").GetDateTimeOffset()));
    }

    [Fact]
    public async Task ALongListComesInPages()
    {
        var person = await system.GivenPerson();
        for (var i = 0; i < 2; i++) await system.SignIn(person);

        var first = await (await person.Get("/auth/sessions?limit=2")).Read();
        var second = await (await person.Get($"/auth/sessions?limit=2&cursor={first.GetProperty("next_cursor").GetString()}")).Read();

        Assert.Equal(2, first.GetProperty("data").GetArrayLength());
        Assert.Equal(1, second.GetProperty("data").GetArrayLength());
        await (await person.Get("/auth/sessions?cursor=nonsense")).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task OneSessionCanBeEndedFromAnother()
    {
        var person = await system.GivenPerson();
        var other = await system.SignIn(person);
        var id = await Current(other);

        (await person.Send(HttpMethod.Delete, $"/auth/sessions/{id}")).ShouldBe(HttpStatusCode.NoContent);

        await (await Refresh(other)).ShouldBeProblem(HttpStatusCode.Unauthorized, "sessions.ended");
        await Eventually.Holds(async () => (await other.Get("/users/me")).StatusCode == HttpStatusCode.Unauthorized, "the other's access token is refused");
        (await person.Get("/users/me")).ShouldBe(HttpStatusCode.OK);
        (await Refresh(person)).ShouldBe(HttpStatusCode.OK);
        await (await person.Send(HttpMethod.Delete, $"/auth/sessions/{id}")).ShouldBeProblem(HttpStatusCode.NotFound, "sessions.unknown");
    }

    [Fact]
    public async Task NobodyEndsAnothersSession()
    {
        var person = await system.GivenPerson();
        var eve = await system.GivenPerson();

        await (await eve.Send(HttpMethod.Delete, $"/auth/sessions/{await Current(person)}")).ShouldBeProblem(HttpStatusCode.NotFound, "sessions.unknown");

        (await Refresh(person)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("POST", "/auth/logout-everywhere")]
    [InlineData("GET", "/auth/sessions")]
    [InlineData("DELETE", "/auth/sessions/019aa5c8-6a3e-7c52-9d0f-6b2f4f1d8e11")]
    public async Task WithoutATokenThereIsNothingToSeeOrEnd(string method, string path)
    {
        using var http = system.Anonymous();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/v1{path}");

        await (await http.SendAsync(request)).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.required");
    }

    private static Task<HttpResponseMessage> Refresh(Person person) => (person with { Token = "none" }).Post("/auth/refresh", new { refresh_token = person.RefreshToken });

    private static async Task<Guid> Current(Person person) => (await (await person.Get("/auth/sessions")).Read()).GetProperty("data").EnumerateArray()
        .Single(session => session.GetProperty("current").GetBoolean()).GetProperty("id").GetGuid();
}
