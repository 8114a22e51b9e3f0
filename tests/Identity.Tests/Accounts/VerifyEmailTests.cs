using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;

namespace FitFlow.Identity.Tests.Accounts;

public sealed class VerifyEmailTests(RunningSystem system)
{
    [Fact]
    public async Task OfManyWhoFollowOneLinkAtOnceOneIsHeard()
    {
        var token = (await Registered()).Token;

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Post("verify-email", new { token })));

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

        await (await Post("verify-email", new { token })).ShouldBeProblem(HttpStatusCode.BadRequest, "accounts.token_invalid");
    }

    [Fact]
    public async Task ALetterForOneThingOpensNothingElse()
    {
        var (email, token) = await Registered();
        await Post("forgot-password", new { email });
        var reset = (await system.LetterTo(email)).Token;

        await (await Post("reset-password", new { token, password = "another horse battery" })).ShouldBeProblem(HttpStatusCode.BadRequest, "accounts.token_invalid");
        await (await Post("verify-email", new { token = reset })).ShouldBeProblem(HttpStatusCode.BadRequest, "accounts.token_invalid");
    }

    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("' OR '1'='1")]
    [InlineData("\u0000\U0001F3CB%_")]
    public async Task WhatWasNeverSentIsWorthNothing(string token) =>
        await (await Post("verify-email", new { token })).ShouldBeProblem(HttpStatusCode.BadRequest, "accounts.token_invalid");

    [Fact]
    public async Task AnotherLetterCanBeAskedForAndBringsTheSameAccount()
    {
        var (email, _) = await Registered();

        (await Post("verify-email/resend", new { email })).ShouldBe(HttpStatusCode.Accepted);
        (await Post("verify-email", new { (await system.LetterTo(email)).Token })).ShouldBe(HttpStatusCode.NoContent);

        (await Post("login", new { email, password = "correct horse battery" })).ShouldBe(HttpStatusCode.OK);
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
        (await Post("register", new { email, password = "correct horse battery", first_name = "Ada", last_name = "Byron" })).ShouldBe(HttpStatusCode.Accepted);
        return (email, (await system.LetterTo(email)).Token);
    }

    private async Task<HttpResponseMessage> Post(string what, object body)
    {
        using var http = system.Anonymous();
        return await http.PostAsJsonAsync($"/api/v1/auth/{what}", body, FitFlow.ServiceDefaults.Json.Options);
    }
}
