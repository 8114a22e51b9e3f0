using System.Net;
using System.Net.Http.Json;

namespace FitFlow.Identity.Tests.Sessions;

/// A browser keeps its refresh token where no script finds it, and no other site can use it.
public sealed class BrowserSessionTests(RunningSystem system)
{
    [Fact]
    public async Task TheRefreshTokenIsInACookieThatNoScriptReads()
    {
        var browser = await SignedIn();

        browser.Answer.GetProperty("refresh_token").GetString().ShouldBe(null);
        var refresh = browser.SetCookies.Single(cookie => cookie.StartsWith("fitflow-refresh", StringComparison.Ordinal));
        foreach (var attribute in new[] { "path=/api", "secure", "samesite=strict", "httponly", "max-age=604800" })
            Assert.Contains(attribute, refresh, StringComparison.OrdinalIgnoreCase);
        var csrf = browser.SetCookies.Single(cookie => cookie.StartsWith("fitflow-csrf", StringComparison.Ordinal));
        Assert.Contains("samesite=strict", csrf, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("httponly", csrf, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task ItIsRefreshedWithTheCookieAndTheCsrfToken()
    {
        var browser = await SignedIn();

        var answer = await browser.Post("refresh");

        answer.ShouldBe(HttpStatusCode.OK);
        (await answer.Read()).GetProperty("refresh_token").GetString().ShouldBe(null);
        var next = browser.With(answer);
        Assert.NotEqual(browser.Cookie("fitflow-refresh"), next.Cookie("fitflow-refresh"));
        (await next.Post("refresh")).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("of another session")]
    public async Task WithoutTheSessionsOwnCsrfTokenTheCookieIsWorthNothing(string csrf)
    {
        var browser = await SignedIn();
        if (csrf.StartsWith("of", StringComparison.Ordinal)) csrf = (await SignedIn()).Csrf;

        foreach (var what in new[] { "refresh", "logout" })
        {
            await (await (browser with { Csrf = csrf }).Post(what)).ShouldBeProblem(HttpStatusCode.Forbidden, "sessions.csrf_invalid");
        }

        (await browser.Post("refresh")).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task AnotherSitesPageIsRefused(string header, string value)
    {
        var browser = await SignedIn();

        foreach (var what in new[] { "refresh", "logout" })
        {
            await (await browser.Post(what, (header, value))).ShouldBeProblem(HttpStatusCode.Forbidden, "sessions.foreign_origin");
        }

        await (await browser.Post("login", (header, value), new { email = "ada@example.org", password = "correct horse battery", session = "cookie" }))
            .ShouldBeProblem(HttpStatusCode.Forbidden, "sessions.foreign_origin");
        (await browser.Post("refresh")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task OurOwnPageIsNot()
    {
        var browser = await SignedIn();

        (await browser.Post("refresh", ("Origin", system.Gateway.GetLeftPart(UriPartial.Authority)))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task NoScriptGetsTheRefreshTokenByAsking()
    {
        var browser = await SignedIn();

        var answer = await browser.Post("refresh", body: new { session = "token" });

        (await answer.Read()).GetProperty("refresh_token").GetString().ShouldBe(null);
        using var http = system.Anonymous();
        await (await http.PostAsJsonAsync("/api/v1/auth/refresh", new { refresh_token = browser.Cookie("fitflow-refresh") }))
            .ShouldBeProblem(HttpStatusCode.Unauthorized, "sessions.refresh_invalid");
    }

    [Fact]
    public async Task LoggingOutTakesTheCookiesAway()
    {
        var browser = await SignedIn();

        var answer = await browser.Post("logout");

        answer.ShouldBe(HttpStatusCode.NoContent);
        Assert.Equal("", browser.With(answer).Cookie("fitflow-refresh"));
        await (await browser.Post("refresh")).ShouldBeProblem(HttpStatusCode.Unauthorized, "sessions.ended");
    }

    [Fact]
    public async Task ABrowserThatTheOwnerUsedIsNotSlowedByGuessesFromItsOwnNetwork()
    {
        var browser = await SignedIn();
        var person = browser.Person;
        var stranger = new Browser(system, person, [], "");
        for (var i = 0; i < 10; i++) await stranger.Post("login", body: new { person.Email, password = "wrong horse battery" });

        (await stranger.Post("login", body: new { person.Email, person.Password })).ShouldBe(HttpStatusCode.TooManyRequests);
        (await browser.Post("login", body: new { person.Email, person.Password })).ShouldBe(HttpStatusCode.OK);
    }

    private async Task<Browser> SignedIn()
    {
        var browser = new Browser(system, await system.GivenPerson(), [], "");
        var answer = await browser.Post("login", body: new { browser.Person.Email, browser.Person.Password, session = "cookie" });
        answer.ShouldBe(HttpStatusCode.OK);
        return browser.With(answer) with { Answer = await answer.Read() };
    }

    private sealed record Browser(RunningSystem System, Person Person, Dictionary<string, string> Cookies, string Csrf)
    {
        public IReadOnlyList<string> SetCookies { get; init; } = [];

        public global::System.Text.Json.JsonElement Answer { get; init; }

        public async Task<HttpResponseMessage> Post(string what, (string Name, string Value)? header = null, object? body = null)
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = System.Gateway };
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/auth/{what}");
            if (body is not null) request.Content = JsonContent.Create(body, options: FitFlow.ServiceDefaults.Json.Options);
            if (Cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
            if (Csrf.Length > 0) request.Headers.Add("X-CSRF-Token", Csrf);
            if (header is { } extra) request.Headers.Add(extra.Name, extra.Value);
            return await http.SendAsync(request);
        }

        /// By the name without its suffix, which is the checkout's.
        public string Cookie(string name) => Cookies.Single(cookie => cookie.Key.StartsWith(name, StringComparison.Ordinal)).Value;

        /// What a browser remembers of an answer.
        public Browser With(HttpResponseMessage answer)
        {
            var set = answer.Headers.GetValues("Set-Cookie").ToList();
            var cookies = new Dictionary<string, string>(Cookies);
            foreach (var cookie in set.Select(line => line.Split(';')[0].Split('='))) cookies[cookie[0]] = cookie[1];
            var kept = this with { Cookies = cookies, SetCookies = set };
            return kept with { Csrf = kept.Cookie("fitflow-csrf") };
        }
    }
}
