using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;

namespace FitFlow.Identity.Tests.Sessions;

public sealed class RefreshTests(RunningSystem system)
{
    [Fact]
    public async Task ANewPairComesForTheOldOne()
    {
        var person = await system.GivenPerson();

        var answer = await Refresh(person.RefreshToken);

        answer.ShouldBe(HttpStatusCode.OK);
        var pair = await answer.Read();
        pair.GetProperty("expires_in").GetInt32().ShouldBe(900);
        pair.GetProperty("refresh_expires_in").GetInt32().ShouldBe(604_800);
        Assert.NotEqual(person.RefreshToken, pair.GetProperty("refresh_token").GetString());
        var refreshed = person with { Token = pair.GetProperty("access_token").GetString()! };
        (await refreshed.Me()).GetProperty("id").GetGuid().ShouldBe(person.Id);
    }

    [Fact]
    public async Task OnlyTheHashIsKept()
    {
        var person = await system.GivenPerson();

        Assert.Equal(1, await IdentityDb.Count("SELECT COUNT(*) FROM refresh_tokens WHERE hash = @hash", ("hash", Hash(person.RefreshToken))));
        Assert.Equal(43, person.RefreshToken.Length);
    }

    [Fact]
    public async Task ASecondRefreshAtOnceGetsASibling()
    {
        var person = await system.GivenPerson();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Refresh(person.RefreshToken)));

        var tokens = new List<string>();
        foreach (var answer in answers)
        {
            answer.ShouldBe(HttpStatusCode.OK);
            tokens.Add((await answer.Read()).GetProperty("refresh_token").GetString()!);
        }

        Assert.Equal(16, tokens.Distinct().Count());
        foreach (var token in tokens) (await Refresh(token)).ShouldBe(HttpStatusCode.OK);
        Assert.Equal(1, await IdentityDb.Count("SELECT COUNT(*) FROM sessions WHERE user_id = @person AND ended_at IS NULL", ("person", person.Id)));
    }

    [Fact]
    public async Task ASpentTokenThatComesAgainLaterEndsTheSession()
    {
        var person = await system.GivenPerson();
        var newest = await Renew(person.RefreshToken);
        await SpentAgo(person.RefreshToken, seconds: 11);

        await (await Refresh(person.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "sessions.refresh_reused");

        await (await Refresh(newest)).ShouldBeProblem(HttpStatusCode.Unauthorized, "sessions.ended");
        Assert.Equal(1, await IdentityDb.Count(
            "SELECT COUNT(*) FROM denials d JOIN sessions s ON s.id = d.subject WHERE s.user_id = @person", ("person", person.Id)));
    }

    [Fact]
    public async Task ATheftEndsNoOtherSession()
    {
        var person = await system.GivenPerson();
        var other = await system.SignIn(person);
        await Renew(person.RefreshToken);
        await SpentAgo(person.RefreshToken, seconds: 11);

        await (await Refresh(person.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "sessions.refresh_reused");

        (await Refresh(other.RefreshToken)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task OfAThiefAndTheOwnerAtOnceNeitherGoesOn()
    {
        var person = await system.GivenPerson();
        var newest = await Renew(person.RefreshToken);
        await SpentAgo(person.RefreshToken, seconds: 11);

        // The owner and the thief refresh at the same moment, in whatever order: afterwards the session is over for both.
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Refresh(i % 2 == 0 ? newest : person.RefreshToken)));

        foreach (var renewed in answers.Where(answer => answer.StatusCode == HttpStatusCode.OK))
        {
            var token = (await renewed.Read()).GetProperty("refresh_token").GetString()!;
            await (await Refresh(token)).ShouldBeProblem(HttpStatusCode.Unauthorized, "sessions.ended");
        }

        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.Unauthorized);
        Assert.Equal(0, await IdentityDb.Count("SELECT COUNT(*) FROM sessions WHERE user_id = @person AND ended_at IS NULL", ("person", person.Id)));
    }

    [Fact]
    public async Task AfterSevenDaysAwayOneSignsInAgain()
    {
        var person = await system.GivenPerson();
        await IdentityDb.Write(
            "UPDATE refresh_tokens SET expires_at = UTC_TIMESTAMP(6) WHERE hash = @hash", ("hash", Hash(person.RefreshToken)));

        await (await Refresh(person.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "sessions.refresh_expired");
    }

    [Theory]
    [InlineData("deactivated_at")]
    [InlineData("erased_at")]
    public async Task AClosedAccountIsNotRefreshed(string closed)
    {
        var person = await system.GivenPerson();
        await IdentityDb.Write($"UPDATE users SET {closed} = UTC_TIMESTAMP(6) WHERE id = @person", ("person", person.Id));

        await (await Refresh(person.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "sessions.refresh_invalid");
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("' OR 1=1 --")]
    [InlineData("Zoë \U0001F3CB %_")]
    public async Task WhatWasNeverHandedOutIsWorthNothing(string token) =>
        await (await Refresh(token)).ShouldBeProblem(HttpStatusCode.Unauthorized, "sessions.refresh_invalid");

    [Fact]
    public async Task ATokenThatIsTooLongIsNotLookedUp() =>
        await (await Refresh(new string('A', 10_000))).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static Task SpentAgo(string token, int seconds) => IdentityDb.Write(
        "UPDATE refresh_tokens SET spent_at = spent_at - INTERVAL @seconds SECOND WHERE hash = @hash", ("seconds", seconds), ("hash", Hash(token)));

    private async Task<HttpResponseMessage> Refresh(string token)
    {
        using var http = system.Anonymous();
        return await http.PostAsJsonAsync("/api/v1/auth/refresh", new { refresh_token = token });
    }

    private async Task<string> Renew(string token)
    {
        var answer = await Refresh(token);
        answer.ShouldBe(HttpStatusCode.OK);
        return (await answer.Read()).GetProperty("refresh_token").GetString()!;
    }
}
