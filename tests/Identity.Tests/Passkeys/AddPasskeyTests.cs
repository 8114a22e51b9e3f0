using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FitFlow.ServiceDefaults;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;

namespace FitFlow.Identity.Tests.Passkeys;

public sealed class AddPasskeyTests(RunningSystem system, Browser browser)
{
    [Fact]
    public Task WhatTheDeviceIsAskedForKeepsAPasskeyAndKnowsItsOwner() => Story(async (page, person) =>
    {
        var options = await page.BeginAdding(person);

        options["rp"]!["id"]!.GetValue<string>().ShouldBe("localhost");
        options["rp"]!["name"]!.GetValue<string>().ShouldBe("FitFlow");
        options["authenticatorSelection"]!["residentKey"]!.GetValue<string>().ShouldBe("required");
        options["authenticatorSelection"]!["userVerification"]!.GetValue<string>().ShouldBe("required");
        options["attestation"]!.GetValue<string>().ShouldBe("none");
        Assert.Equal(32, Forgery.Decode(options["challenge"]!).Length);
        Assert.DoesNotContain(person.Email, System.Text.Encoding.UTF8.GetString(Forgery.Decode(options["user"]!["id"]!)), StringComparison.Ordinal);
    });

    [Fact]
    public Task AnAnswerIsTakenOnce() => Story(async (page, person) =>
    {
        var credential = await page.Make(person);
        (await page.Add(person, credential)).ShouldBe(HttpStatusCode.Created);

        await (await page.Add(person, credential)).ShouldBeProblem(HttpStatusCode.BadRequest, "passkeys.refused");
    });

    [Fact]
    public Task TheOwnerIsToldByLetter() => Story(async (page, person) =>
    {
        await page.GivenPasskey(person);

        var letter = await system.LetterTo(person.Email);
        letter.Subject.ShouldBe("A passkey was added to your account");
        Assert.Contains("/passkeys", letter.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("My phone", letter.Text + letter.Html, StringComparison.Ordinal);
    });

    [Fact]
    public Task OfManyWhoAnswerOneChallengeAtOnceExactlyOneIsHeard() => Story(async (page, person) =>
    {
        var credential = await page.Make(person);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => page.Add(person, credential)));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(11, answers.Count(answer => answer.StatusCode == HttpStatusCode.BadRequest));
        Assert.Equal(1, await IdentityDb.Count("SELECT COUNT(*) FROM passkeys WHERE user_id = @person", ("person", person.Id)));
    });

    [Fact]
    public Task AChallengeEndsAfterFiveMinutes() => Story(async (page, person) =>
    {
        await using var redis = new Redis(Servers.Redis, TimeProvider.System, NullLogger<Redis>.Instance, TimeSpan.FromSeconds(20));
        var options = await page.BeginAdding(person);
        var key = $"passkeys:add:{person.Id:N}:{options["challenge"]!.GetValue<string>()}";
        Assert.InRange((await redis.Script("return redis.call('TTL', KEYS[1])", [key], []))[0], 200, 300);
        var credential = await page.Create(options);

        await redis.Script("return redis.call('PEXPIRE', KEYS[1], 1)", [key], []);
        await Eventually.Holds(async () => await redis.Get(key) is null, "the challenge has ended");

        await (await page.Add(person, credential)).ShouldBeProblem(HttpStatusCode.BadRequest, "passkeys.refused");
    });

    [Fact]
    public Task AnothersChallengeIsNotOnesOwn() => Story(async (page, person) =>
    {
        var other = await system.GivenPerson();
        var credential = await page.Make(other);

        await (await page.Add(person, credential)).ShouldBeProblem(HttpStatusCode.BadRequest, "passkeys.refused");

        // And is still good for whom it was made.
        (await page.Add(other, credential)).ShouldBe(HttpStatusCode.Created);
    });

    [Fact]
    public Task AChallengeForSigningInAddsNothing() => Story(async (page, person) =>
    {
        var credential = Forgery.For(await page.Make(person), await page.BeginSignIn());

        await (await page.Add(person, credential)).ShouldBeProblem(HttpStatusCode.BadRequest, "passkeys.refused");
    });

    [Fact]
    public async Task APageElsewhereAddsNothing()
    {
        var person = await system.GivenPerson();
        await PasskeyBrowser.Open(browser, system, async page =>
        {
            var options = await page.BeginAdding(person);
            var refused = await Assert.ThrowsAsync<PlaywrightException>(() => page.Create(options));
            Assert.Contains("SecurityError", refused.Message, StringComparison.Ordinal);

            // What the browser lets such a page have is a passkey for itself.
            options["rp"]!["id"] = "elsewhere.localhost";
            await (await page.Add(person, await page.Create(options))).ShouldBeProblem(HttpStatusCode.BadRequest, "passkeys.refused");
        }, host: "elsewhere.localhost");
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://elsewhere.localhost:3000")]
    [InlineData("http://localhost.evil.example")]
    [InlineData("http://127.0.0.1:3000")]
    [InlineData("null")]
    public Task APasskeyThatWasMadeOnAForeignPageIsRefused(string origin) => Story(async (page, person) =>
    {
        var credential = Forgery.Changed(await page.Make(person), "clientDataJSON", bytes =>
        {
            var clientData = JsonNode.Parse(bytes)!;
            clientData["origin"] = origin;
            return System.Text.Encoding.UTF8.GetBytes(clientData.ToJsonString());
        });

        await (await page.Add(person, credential)).ShouldBeProblem(HttpStatusCode.BadRequest, "passkeys.refused");
    });

    [Fact]
    public Task APasskeyOfAnotherDomainIsRefused() => Story(async (page, person) =>
    {
        var credential = Forgery.Changed(await page.Make(person), "attestationObject", bytes =>
        {
            var at = bytes.AsSpan().IndexOf(SHA256.HashData("localhost"u8));
            SHA256.HashData("elsewhere.example"u8).CopyTo(bytes, at);
            return bytes;
        });

        await (await page.Add(person, credential)).ShouldBeProblem(HttpStatusCode.BadRequest, "passkeys.refused");
    });

    [Fact]
    public Task ADeviceThatDoesNotKnowItsOwnerIsRefused() => Story(async (page, person) =>
    {
        await page.Device.KnowsOwner(false);
        var options = await page.BeginAdding(person);
        await Assert.ThrowsAsync<PlaywrightException>(() => page.Create(options));

        // A page that asks for less gets it from a device that knows nobody, and gets nothing from us.
        await page.Device.Remove();
        await Authenticator.In(page.Visit.Page, knowsOwner: false);
        options["authenticatorSelection"]!["userVerification"] = "discouraged";
        var credential = await page.Create(options);
        await (await page.Add(person, credential)).ShouldBeProblem(HttpStatusCode.BadRequest, "passkeys.refused");
    });

    [Fact]
    public Task ADeviceIsAddedOnce() => Story(async (page, person) =>
    {
        await page.GivenPasskey(person);

        var refused = await Assert.ThrowsAsync<PlaywrightException>(() => page.Make(person));

        Assert.Contains("InvalidStateError", refused.Message, StringComparison.Ordinal);
    });

    [Fact]
    public Task APasskeyBelongsToOneAccount() => Story(async (page, person) =>
    {
        var thief = await system.GivenPerson();
        var credential = await page.Make(person);
        (await page.Add(person, credential)).ShouldBe(HttpStatusCode.Created);

        var stolen = Forgery.For(credential, await page.BeginAdding(thief));
        await (await page.Add(thief, stolen)).ShouldBeProblem(HttpStatusCode.Conflict, "passkeys.already_added");

        (await page.SignIn(await page.Use())).ShouldBe(HttpStatusCode.OK);
    });

    [Fact]
    public Task OfTwoAccountsThatAddOnePasskeyAtOnceOneGetsIt() => Story(async (page, person) =>
    {
        var others = new[] { await system.GivenPerson(), await system.GivenPerson(), await system.GivenPerson() };
        var credential = await page.Make(person);
        var claims = await Task.WhenAll(others.Select(async other => (Other: other, Credential: Forgery.For(credential, await page.BeginAdding(other)))));

        var answers = await Task.WhenAll(claims.Select(claim => page.Add(claim.Other, claim.Credential)));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(2, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    });

    [Fact]
    public Task NobodyCollectsThem() => Story(async (page, person) =>
    {
        for (var i = 0; i < 19; i++) await GivenRow(person, i);
        var (first, second) = (await page.Make(person), await page.BeginAdding(person));
        (await page.Add(person, first)).ShouldBe(HttpStatusCode.Created);

        await page.Device.Clear();
        await (await page.Add(person, await page.Create(second))).ShouldBeProblem(HttpStatusCode.Conflict, "passkeys.too_many");
    });

    [Theory]
    [ClassData(typeof(OddTexts))]
    public Task ANameIsKeptToTheLetterOrRefused(string name) => Story(async (page, person) =>
    {
        var added = await page.Add(person, await page.Make(person), name);

        added.ShouldBe(HttpStatusCode.Created);
        (await added.Read()).GetProperty("name").GetString().ShouldBe(name.Trim());
        Assert.Equal([name.Trim()], await IdentityDb.Read<string>("SELECT name FROM passkeys WHERE user_id = @person", ("person", person.Id)));
    });

    [Fact]
    public Task ANameThatIsTooLongIsNamed() => Story(async (page, person) =>
    {
        var problem = await (await page.Add(person, await page.Make(person), new string('é', 65))).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");

        Assert.True(problem.GetProperty("errors").TryGetProperty("name", out _));
    });

    [Fact]
    public Task NobodyAddsAPasskeyToAnothersAccount() => Story(async (page, person) =>
    {
        var other = await system.GivenPerson();
        var credential = await page.Make(person);
        using var http = person.Http();

        var added = await http.PostAsJsonAsync(
            "/api/v1/auth/passkeys", new { credential, name = "Mine", user_id = other.Id, userId = other.Id, id = Guid.Empty, sign_count = 7, last_used_at = "2020-01-01T00:00:00Z" });

        added.ShouldBe(HttpStatusCode.Created);
        Assert.NotEqual(Guid.Empty, (await added.Read()).GetProperty("id").GetGuid());
        Assert.Equal(0, await IdentityDb.Count("SELECT COUNT(*) FROM passkeys WHERE user_id = @person", ("person", other.Id)));
        Assert.Equal(1, await IdentityDb.Count("SELECT COUNT(*) FROM passkeys WHERE user_id = @person AND last_used_at IS NULL", ("person", person.Id)));
    });

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{ "credential": null }""")]
    [InlineData("""{ "credential": { "id": "", "type": "public-key", "response": {} } }""")]
    [InlineData("""{ "credential": { "id": "AA", "type": "public-key", "response": { "clientDataJSON": "AA", "attestationObject": "AA" } } }""")]
    [InlineData("""{ "credential": { "id": "AA", "type": "public-key", "response": { "clientDataJSON": "%%%", "attestationObject": "' OR 1=1 --" } } }""")]
    [InlineData("""{ "credential": { "id": "AA", "type": "public-key", "response": { "clientDataJSON": "bnVsbA", "attestationObject": "oA" } } }""")]
    [InlineData("""{ "credential": { "id": "AA", "type": "public-key", "response": { "clientDataJSON": "eyJjaGFsbGVuZ2UiOjF9", "attestationObject": "oA" } } }""")]
    public async Task NonsenseIsTheCallersFault(string body)
    {
        var person = await system.GivenPerson();
        using var http = person.Http();

        var answer = await http.PostAsync("/api/v1/auth/passkeys", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        answer.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("attestationObject", "")]
    [InlineData("attestationObject", "oA")]
    [InlineData("attestationObject", "v_____8")]
    [InlineData("attestationObject", "not base64url!")]
    public Task AnAnswerThatCannotBeReadIsTheCallersFault(string member, string value) => Story(async (page, person) =>
    {
        var credential = await page.Make(person);
        credential["response"]![member] = value;

        (await page.Add(person, credential)).ShouldBe(HttpStatusCode.BadRequest);
    });

    [Fact]
    public async Task OnlySomebodySignedInAddsOne()
    {
        using var http = system.Anonymous();

        await (await http.PostAsync("/api/v1/auth/passkeys/options", content: null)).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.required");
        await (await http.PostAsJsonAsync("/api/v1/auth/passkeys", new { credential = new JsonObject() })).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.required");
    }

    private static Task GivenRow(Person person, int i) => IdentityDb.Write(
        """
        INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, name, transports, is_backup_eligible, is_backed_up, created_at)
        VALUES (@id, @person, @credential, '', 0, 'Some device', '', FALSE, FALSE, UTC_TIMESTAMP(6))
        """, ("id", Guid.CreateVersion7(TimeProvider.System.GetUtcNow())), ("person", person.Id), ("credential", $"{person.Id}-{i}"));

    private async Task Story(Func<PasskeyBrowser, Person, Task> story)
    {
        var person = await system.GivenPerson();
        await PasskeyBrowser.Open(browser, system, page => story(page, person));
    }
}
