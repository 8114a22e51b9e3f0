using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;

namespace FitFlow.Identity.Tests.Accounts;

/// Forgotten, reset, changed.
public sealed class PasswordTests(RunningSystem system)
{
    private const string New = "another horse battery";

    [Fact]
    public async Task ALetterBringsANewPasswordAndSignsOutEverywhere()
    {
        var person = await system.GivenPerson();
        var token = await Forgotten(person);

        (await Post("reset-password", new { token, password = New })).ShouldBe(HttpStatusCode.NoContent);

        (await system.LetterTo(person.Email)).Subject.ShouldBe("Your password was changed");
        await (await Post("refresh", new { person.RefreshToken })).ShouldBeProblem(HttpStatusCode.Unauthorized, "sessions.ended");
        await (await Post("login", new { person.Email, person.Password })).ShouldBeProblem(HttpStatusCode.Unauthorized, "accounts.wrong_credentials");
        (await Post("login", new { person.Email, password = New })).ShouldBe(HttpStatusCode.OK);
        Assert.Equal(1, await IdentityDb.Count(
            "SELECT COUNT(*) FROM denials d JOIN sessions s ON s.id = d.subject WHERE s.user_id = @person", ("person", person.Id)));
    }

    [Fact]
    public async Task OfManyWhoFollowOneLinkAtOnceOneChoosesThePassword()
    {
        var person = await system.GivenPerson();
        var token = await Forgotten(person);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Post("reset-password", new { token, password = $"battery horse {i}" })));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.NoContent));
        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task TheLinkIsGoodForAnHour()
    {
        var person = await system.GivenPerson();
        var token = await Forgotten(person);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        Assert.Equal(1, await IdentityDb.Count(
            "SELECT COUNT(*) FROM one_time_tokens WHERE hash = @hash AND expires_at = created_at + INTERVAL 1 HOUR", ("hash", hash)));

        await IdentityDb.Write("UPDATE one_time_tokens SET expires_at = UTC_TIMESTAMP(6) WHERE hash = @hash", ("hash", hash));

        await (await Post("reset-password", new { token, password = New })).ShouldBeProblem(HttpStatusCode.BadRequest, "accounts.token_invalid");
    }

    [Fact]
    public async Task AWeakPasswordDoesNotUseTheLinkUp()
    {
        var person = await system.GivenPerson();
        var token = await Forgotten(person);

        await (await Post("reset-password", new { token, password = "qwerty12345" })).ShouldBeProblem(HttpStatusCode.BadRequest, "accounts.weak_password");

        (await Post("reset-password", new { token, password = New })).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task ForgettingSaysNothingAboutTheAddress()
    {
        var person = await system.GivenPerson();

        await Alike.ShouldBeTheSame(await Post("forgot-password", new { person.Email }), await Post("forgot-password", new { email = Story.NewEmail() }));
    }

    [Fact]
    public async Task ASignInThatIsUnderWayWithTheOldPasswordLeavesNoSessionBehind()
    {
        var person = await system.GivenPerson();
        var token = await Forgotten(person);

        var logins = Enumerable.Range(0, 6).Select(_ => Post("login", new { person.Email, person.Password })).ToList();
        var reset = Post("reset-password", new { token, password = New });
        await Task.WhenAll([.. logins, reset]);

        (await reset).ShouldBe(HttpStatusCode.NoContent);
        Assert.Equal(0, await IdentityDb.Count("SELECT COUNT(*) FROM sessions WHERE user_id = @person AND ended_at IS NULL", ("person", person.Id)));
    }

    [Fact]
    public async Task AChangeKeepsThisSessionAndEndsTheOthers()
    {
        var person = await system.GivenPerson();
        var other = await system.SignIn(person);

        (await Change(person, person.Password, New)).ShouldBe(HttpStatusCode.NoContent);

        (await system.LetterTo(person.Email)).Subject.ShouldBe("Your password was changed");
        await (await Post("refresh", new { other.RefreshToken })).ShouldBeProblem(HttpStatusCode.Unauthorized, "sessions.ended");
        (await Post("refresh", new { person.RefreshToken })).ShouldBe(HttpStatusCode.OK);
        (await Post("login", new { person.Email, password = New })).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task AChangeNeedsTheCurrentPasswordAndGuessingItIsSlow()
    {
        var person = await system.GivenPerson();

        for (var i = 0; i < 10; i++) await (await Change(person, $"a wrong guess {i}", New)).ShouldBeProblem(HttpStatusCode.Forbidden, "accounts.wrong_password");

        await (await Change(person, person.Password, New)).ShouldBeProblem(HttpStatusCode.TooManyRequests, "accounts.too_many_attempts");
    }

    [Fact]
    public async Task AChangeIsForWhoIsSignedIn()
    {
        using var http = system.Anonymous();

        await (await http.PostAsJsonAsync("/api/v1/auth/change-password", new { current_password = "x", password = New })).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.required");
    }

    [Fact]
    public async Task OfTwoChangesAtOnceOneCounts()
    {
        var person = await system.GivenPerson();

        var answers = await Task.WhenAll(Change(person, person.Password, "battery one two"), Change(person, person.Password, "battery two one"));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.NoContent));
    }

    [Fact]
    public async Task AChangeThatComesTooLateEndsNobodysSession()
    {
        var person = await system.GivenPerson();
        Person[] sessions = [person, await system.SignIn(person)];

        var answers = await Task.WhenAll(sessions.Select((session, i) => Change(session, person.Password, $"battery one two {i}")));

        var winner = sessions[Array.FindIndex(answers, answer => answer.StatusCode == HttpStatusCode.NoContent)];
        (await Post("refresh", new { winner.RefreshToken })).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<HttpResponseMessage> Change(Person person, string current, string next)
    {
        using var http = person.Http();
        return await http.PostAsJsonAsync("/api/v1/auth/change-password", new { current_password = current, password = next });
    }

    private async Task<string> Forgotten(Person person)
    {
        (await Post("forgot-password", new { person.Email })).ShouldBe(HttpStatusCode.Accepted);
        return (await system.LetterTo(person.Email)).Token;
    }

    private async Task<HttpResponseMessage> Post(string what, object body)
    {
        using var http = system.Anonymous();
        return await http.PostAsJsonAsync($"/api/v1/auth/{what}", body, FitFlow.ServiceDefaults.Json.Options);
    }
}
