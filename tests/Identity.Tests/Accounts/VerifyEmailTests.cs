using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;

namespace FitFlow.Identity.Tests.Accounts;

public sealed class VerifyEmailTests(RunningSystem system)
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task TheLinkOfAStrangersRegistrationOpensNoAccountThatTheStrangerKnowsThePasswordOf()
    {
        var email = Story.NewEmail();
        await Register(email, Password);
        await system.LetterTo(email);
        await Register(email, "the password of a squatter");
        var latest = (await system.LetterTo(email)).Token;

        (await Post("verify-email", new { token = latest, password = Password })).ShouldBe(HttpStatusCode.NoContent);

        (await Post("login", new { email, password = Password })).ShouldBe(HttpStatusCode.OK);
        await (await Post("login", new { email, password = "the password of a squatter" })).ShouldBeProblem(HttpStatusCode.Unauthorized, "accounts.wrong_credentials");
    }

    [Fact]
    public async Task AnAccountThatAnAdminOpenedIsNotTakenOverByRegisteringItsAddress()
    {
        var email = Story.NewEmail();
        using var admin = (await system.GivenAdmin()).Http();
        (await admin.PostAsJsonAsync("/api/v1/users", new { email, first_name = "Ada", last_name = "Byron", role = "admin" })).ShouldBe(HttpStatusCode.Created);
        await system.LetterTo(email);
        await Register(email, "the password of a squatter");
        var letter = await system.LetterTo(email);

        await (await Post("verify-email", new { letter.Token, password = "what the owner types" })).ShouldBeProblem(HttpStatusCode.BadRequest, "accounts.wrong_password");
        await (await Post("login", new { email, password = "the password of a squatter" })).ShouldBeProblem(HttpStatusCode.Unauthorized, "accounts.wrong_credentials");
    }

    [Fact]
    public async Task OfManyWhoFollowOneLinkAtOnceOneIsHeard()
    {
        var token = (await Registered()).Token;

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Post("verify-email", new { token, password = Password })));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.NoContent));
        foreach (var late in answers.Where(answer => answer.StatusCode != HttpStatusCode.NoContent))
            await late.ShouldBeProblem(HttpStatusCode.BadRequest, "accounts.token_invalid");
    }

    [Fact]
    public async Task TheLinkIsGoodForTwoDaysAndOnlyItsHashIsKept()
    {
        var (_, token) = await Registered();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        Assert.Equal(1, await IdentityDb.Count(
            "SELECT COUNT(*) FROM one_time_tokens WHERE hash = @hash AND expires_at = created_at + INTERVAL 48 HOUR", ("hash", hash)));

        await IdentityDb.Write("UPDATE one_time_tokens SET expires_at = UTC_TIMESTAMP(6) WHERE hash = @hash", ("hash", hash));

        await (await Post("verify-email", new { token, password = Password })).ShouldBeProblem(HttpStatusCode.BadRequest, "accounts.token_invalid");
    }

    [Fact]
    public async Task ALetterForOneThingOpensNothingElse()
    {
        var (email, token) = await Registered();
        await Post("forgot-password", new { email });
        var reset = (await system.LetterTo(email)).Token;

        await (await Post("reset-password", new { token, password = "another horse battery" })).ShouldBeProblem(HttpStatusCode.BadRequest, "accounts.token_invalid");
        await (await Post("verify-email", new { token = reset, password = Password })).ShouldBeProblem(HttpStatusCode.BadRequest, "accounts.token_invalid");
    }

    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("' OR '1'='1")]
    [InlineData("\u0000\U0001F3CB%_")]
    public async Task WhatWasNeverSentIsWorthNothing(string token) =>
        await (await Post("verify-email", new { token, password = Password })).ShouldBeProblem(HttpStatusCode.BadRequest, "accounts.token_invalid");

    [Fact]
    public async Task AnotherLetterCanBeAskedForAndBringsTheSameAccount()
    {
        var (email, _) = await Registered();

        (await Post("verify-email/resend", new { email })).ShouldBe(HttpStatusCode.Accepted);
        (await Post("verify-email", new { (await system.LetterTo(email)).Token, password = Password })).ShouldBe(HttpStatusCode.NoContent);

        (await Post("login", new { email, password = Password })).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task AskingForALetterSaysNothingAboutTheAddress()
    {
        var (waiting, _) = await Registered();
        var verified = (await system.GivenPerson()).Email;

        var answers = new[] { waiting, verified, Story.NewEmail() }.Select(email => Post("verify-email/resend", new { email })).ToList();

        await Alike.ShouldBeTheSame(await answers[0], await answers[1]);
        await Alike.ShouldBeTheSame(await answers[0], await answers[2]);
        await system.LetterTo(waiting);
        Assert.Equal(0, await system.LettersTo(verified));
    }

    private async Task<(string Email, string Token)> Registered()
    {
        var email = Story.NewEmail();
        await Register(email, Password);
        return (email, (await system.LetterTo(email)).Token);
    }

    private async Task Register(string email, string password) =>
        (await Post("register", new { email, password, first_name = "Ada", last_name = "Byron" })).ShouldBe(HttpStatusCode.Accepted);

    private async Task<HttpResponseMessage> Post(string what, object body)
    {
        using var http = system.Anonymous();
        return await http.PostAsJsonAsync($"/api/v1/auth/{what}", body, FitFlow.ServiceDefaults.Json.Options);
    }
}
