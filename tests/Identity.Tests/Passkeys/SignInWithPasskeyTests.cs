using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FitFlow.Identity.Tests.Passkeys;

public sealed class SignInWithPasskeyTests(RunningSystem system, Browser browser)
{
    [Fact]
    public Task ItIsASessionLikeAnyOther() => Story(async (page, person) =>
    {
        var answer = await page.SignIn(await page.Use());

        answer.ShouldBe(HttpStatusCode.OK);
        var session = await answer.Read();
        session.GetProperty("token_type").GetString().ShouldBe("Bearer");
        session.GetProperty("expires_in").GetInt32().ShouldBe(900);
        session.GetProperty("refresh_token").GetString()!.Length.ShouldBe(43);
        Assert.Equal(2, await IdentityDb.Count("SELECT COUNT(*) FROM sessions WHERE user_id = @person AND ended_at IS NULL", ("person", person.Id)));
    });

    [Fact]
    public Task InABrowserItsRefreshTokenIsACookie() => Story(async (page, _) =>
    {
        var credential = await page.Use();
        await (await page.SignIn(credential, "cookie", "https://evil.example")).ShouldBeProblem(HttpStatusCode.Forbidden, "sessions.foreign_origin");

        var answer = await page.SignIn(credential, "cookie");

        answer.ShouldBe(HttpStatusCode.OK);
        (await answer.Read()).GetProperty("refresh_token").ValueKind.ShouldBe(JsonValueKind.Null);
        Assert.Contains(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("fitflow-refresh", StringComparison.Ordinal) && cookie.Contains("httponly", StringComparison.OrdinalIgnoreCase));
    });

    [Fact]
    public Task NobodySaysWhoTheyAre() => Story(async (page, _) =>
    {
        var options = await page.BeginSignIn();

        Assert.Empty(options["allowCredentials"]!.AsArray());
        options["rpId"]!.GetValue<string>().ShouldBe("localhost");
        options["userVerification"]!.GetValue<string>().ShouldBe("required");
    });

    [Fact]
    public Task AnAnswerIsTakenOnce() => Story(async (page, _) =>
    {
        var credential = await page.Use();
        (await page.SignIn(credential)).ShouldBe(HttpStatusCode.OK);

        await ShouldBeRefused(await page.SignIn(credential));
    });

    [Fact]
    public Task OfManyWhoAnswerOneChallengeAtOnceExactlyOneIsHeard() => Story(async (page, person) =>
    {
        var credential = await page.Use();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => page.SignIn(credential)));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(11, answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(2, await IdentityDb.Count("SELECT COUNT(*) FROM sessions WHERE user_id = @person", ("person", person.Id)));
    });

    [Fact]
    public Task WhatTheDeviceSignedCannotBeChanged() => Story(async (page, _) =>
    {
        foreach (var (member, change) in new (string, Func<byte[], byte[]>)[]
        {
            ("signature", bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]),
            ("authenticatorData", bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]),
            ("authenticatorData", bytes => [.. bytes[..32], (byte)(bytes[32] | 0x08), .. bytes[33..]]),
            ("authenticatorData", bytes => bytes[..^1]),
            ("clientDataJSON", bytes => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("\"crossOrigin\":false", "\"crossOrigin\":false ", StringComparison.Ordinal))),
            ("signature", _ => [0]),
        })
        {
            await ShouldBeRefused(await page.SignIn(Forgery.Changed(await page.Use(), member, change)));
        }
    });

    [Fact]
    public Task EachThingThatIsWrongIsRefusedByItself() => Story(async (page, person) =>
    {
        var other = await system.GivenPerson();
        var device = Assert.Single(await page.Device.Credentials());
        foreach (var forgery in new Forgery[]
        {
            new() { Origin = "https://evil.example" },
            new() { Origin = "http://elsewhere.localhost:3000" },
            new() { Origin = "http://localhost.evil.example" },
            new() { Origin = "http://127.0.0.1:3000" },
            new() { Origin = "null" },
            new() { Origin = "" },
            new() { CrossOrigin = true },
            new() { Domain = "evil.example" },
            new() { Domain = "" },
            new() { IsVerified = false },
            new() { Type = "webauthn.create" },
            new() { Count = 0 },
            new() { Count = 1 },
            new() { Handle = Forgery.Encode(Encoding.UTF8.GetBytes($"{other.Id:N}")) },
            new() { Handle = Forgery.Encode(Encoding.UTF8.GetBytes(person.Email)) },
            new() { Handle = "" },
        })
        {
            await ShouldBeRefused(await page.SignIn(forgery.Sign(device, await page.BeginSignIn())), forgery.ToString());
        }

        // The one that is wrong in nothing shows that the others were refused for what was wrong with them.
        (await page.SignIn(new Forgery().Sign(device, await page.BeginSignIn()))).ShouldBe(HttpStatusCode.OK);
    });

    [Fact]
    public Task ACloneThatIsBehindIsNoticed() => Story(async (page, _) =>
    {
        var clone = Assert.Single(await page.Device.Credentials());
        (await page.SignIn(await page.Use())).ShouldBe(HttpStatusCode.OK);
        var count = (uint)Assert.Single(await page.Device.Credentials()).GetProperty("signCount").GetInt32();

        await ShouldBeRefused(await page.SignIn(new Forgery { Count = count }.Sign(clone, await page.BeginSignIn())));

        (await page.SignIn(await page.Use())).ShouldBe(HttpStatusCode.OK);
    });

    [Fact]
    public Task OfTwoWithOneCountAtOnceOneGetsIn() => Story(async (page, _) =>
    {
        var device = Assert.Single(await page.Device.Credentials());
        var options = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => page.BeginSignIn()));

        var answers = await Task.WhenAll(options.Select(option => page.SignIn(new Forgery { Count = 500 }.Sign(device, option))));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized));
    });

    [Fact]
    public Task AChallengeForAddingSignsNobodyIn() => Story(async (page, person) =>
    {
        var device = Assert.Single(await page.Device.Credentials());

        await ShouldBeRefused(await page.SignIn(new Forgery().Sign(device, await page.BeginAdding(person))));
    });

    [Fact]
    public Task AnUnknownPasskeyIsAnsweredLikeAWrongOne() => Story(async (page, person) =>
    {
        var options = await page.BeginSignIn();
        var known = await page.Use();
        known["response"]!["signature"] = "AAAA";
        await ShouldBeRefused(await page.SignIn(known));

        await IdentityDb.Write("DELETE FROM passkeys WHERE user_id = @person", ("person", person.Id));
        await ShouldBeRefused(await page.SignIn(await page.Get(options)));
        await ShouldBeRefused(await page.SignIn(await page.Use()));
    });

    [Theory]
    [InlineData("deactivated_at = UTC_TIMESTAMP(6)", HttpStatusCode.Forbidden, "accounts.deactivated")]
    [InlineData("email_verified_at = NULL", HttpStatusCode.Forbidden, "accounts.email_unverified")]
    [InlineData("erased_at = UTC_TIMESTAMP(6)", HttpStatusCode.Unauthorized, "passkeys.sign_in_refused")]
    public Task WhoMayNotSignInWithAPasswordMayNotWithAPasskey(string change, HttpStatusCode status, string code) => Story(async (page, person) =>
    {
        await IdentityDb.Write($"UPDATE users SET {change} WHERE id = @person", ("person", person.Id));

        await (await page.SignIn(await page.Use())).ShouldBeProblem(status, code);
    });

    [Fact]
    public async Task NonsenseIsTheCallersFaultOrUnknown()
    {
        using var http = system.Anonymous();
        foreach (var body in (string[])
        [
            """{}""",
            """{ "credential": { "id": "AA", "type": "public-key", "response": {} } }""",
            """{ "credential": { "id": 7, "type": "public-key", "response": [] } }""",
            $$"""{ "credential": { "id": "{{new string('A', 2_000)}}", "type": "public-key", "response": { "clientDataJSON": "AA", "authenticatorData": "AA", "signature": "AA" } } }""",
        ])
        {
            (await http.PostAsync("/api/v1/auth/passkeys/sign-in", new StringContent(body, Encoding.UTF8, "application/json"))).ShouldBe(HttpStatusCode.BadRequest);
        }

        const string Unknown = """{ "credential": { "id": "AA", "type": "public-key", "response": { "clientDataJSON": "AA", "authenticatorData": "AA", "signature": "AA" } } }""";
        await ShouldBeRefused(await http.PostAsync("/api/v1/auth/passkeys/sign-in", new StringContent(Unknown, Encoding.UTF8, "application/json")));
    }

    private static async Task ShouldBeRefused(HttpResponseMessage answer, string? because = null)
    {
        if (answer.StatusCode != HttpStatusCode.Unauthorized) Assert.Fail($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()} for {because}");
        var problem = await answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "passkeys.sign_in_refused");
        problem.GetProperty("detail").GetString().ShouldBe("This passkey was not accepted. Try again, or use your password.");
    }

    /// In each, somebody has a passkey on this device.
    private async Task Story(Func<PasskeyBrowser, Person, Task> story)
    {
        var person = await system.GivenPerson();
        await PasskeyBrowser.Open(browser, system, async page =>
        {
            await page.GivenPasskey(person);
            await story(page, person);
        });
    }
}
