using System.Net;
using System.Text;
using System.Text.Json;

namespace FitFlow.Identity.Tests.Services;

public sealed class IssueServiceTokenTests(RunningSystem system)
{
    [Fact]
    public async Task ForItsSecretAServiceGetsATokenThatSaysWhichItIs()
    {
        var answer = await system.AskForServiceToken(system.ServiceCredentials.Name, system.ServiceCredentials.Secret);

        answer.ShouldBe(HttpStatusCode.OK);
        var given = await answer.Read();
        given.GetProperty("token_type").GetString().ShouldBe("Bearer");
        given.GetProperty("expires_in").GetInt32().ShouldBe(900);
        var claims = ClaimsOf(given.GetProperty("access_token").GetString()!);
        claims.GetProperty("sub").GetString().ShouldBe($"service:{system.ServiceCredentials.Name}");
        claims.GetProperty("role").GetString().ShouldBe("service");
        Assert.False(claims.TryGetProperty("sid", out _));
        Assert.Equal(900, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
    }

    [Fact]
    public async Task AServiceIsNoPerson()
    {
        var token = await system.ServiceToken();

        await (await ServiceCalls.Get(system.Gateway, "/api/v1/users/me", token)).ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");
    }

    [Fact]
    public async Task AWrongSecretAndAnUnknownServiceGetTheSameAnswer()
    {
        foreach (var (name, secret) in new[]
        {
            (system.ServiceCredentials.Name, "wrong"),
            (system.ServiceCredentials.Name, system.ServiceCredentials.Secret[..^1]),
            (system.ServiceCredentials.Name.ToUpperInvariant(), system.ServiceCredentials.Secret),
            ("identity", system.ServiceCredentials.Secret),
            ("nobody", "' OR 1=1 --"),
        })
        {
            var problem = await (await system.AskForServiceToken(name, secret)).ShouldBeProblem(HttpStatusCode.Unauthorized, "services.wrong_secret");
            problem.GetProperty("detail").GetString().ShouldBe("The service or its secret is not right.");
        }
    }

    [Fact]
    public async Task WhoGuessesIsNotListenedToAndLocksNobodyOut()
    {
        const string Name = "guessed";
        for (var i = 0; i < 10; i++) await system.AskForServiceToken(Name, $"guess {i}");

        var answer = await system.AskForServiceToken(Name, "one guess more");

        await answer.ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_requests");
        Assert.NotNull(answer.Headers.RetryAfter);
        (await system.AskForServiceToken(system.ServiceCredentials.Name, system.ServiceCredentials.Secret)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("x", "")]
    public async Task WhatIsMissingIsNamed(string name, string secret) =>
        await (await system.AskForServiceToken(name, secret)).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");

    private static JsonElement ClaimsOf(string token)
    {
        var claims = token.Split('.')[1].Replace('-', '+').Replace('_', '/');
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(claims.PadRight((claims.Length + 3) / 4 * 4, '='))));
        return json.RootElement.Clone();
    }
}
