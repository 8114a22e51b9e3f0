using System.Text.Json;

namespace FitFlow.Identity.Tests.Passkeys;

/// All of it as a page does it: no blob in here was ever written down.
public sealed class PasskeyJourneyTests(RunningSystem system, Browser browser)
{
    [Fact]
    public async Task SomebodyAddsNamesUsesAndRemovesAPasskeyInAPage()
    {
        var person = await system.GivenPerson();
        await PasskeyBrowser.Open(browser, system, async page =>
        {
            var visit = page.Visit;
            visit.Forgive("the server responded with a status of 401");

            var added = await Run(visit, "async token => call('POST', '', token, { credential: JSON.parse(await create(JSON.stringify((await call('POST', '/options', token)).body))) })", person.Token);
            added.GetProperty("status").GetInt32().ShouldBe(201);
            var id = added.GetProperty("body").GetProperty("id").GetGuid();
            added.GetProperty("body").GetProperty("name").GetString().ShouldBe("Passkey");
            added.GetProperty("body").GetProperty("last_used_at").ValueKind.ShouldBe(JsonValueKind.Null);

            var named = await Run(visit, $"token => call('PUT', '/{id}', token, {{ name: 'Ada’s phone' }})", person.Token);
            named.GetProperty("body").GetProperty("name").GetString().ShouldBe("Ada’s phone");

            var signedIn = await SignIn(visit);
            signedIn.GetProperty("status").GetInt32().ShouldBe(200);
            signedIn.GetProperty("body").GetProperty("user").GetProperty("id").GetGuid().ShouldBe(person.Id);
            var again = person with { Token = signedIn.GetProperty("body").GetProperty("access_token").GetString()! };
            (await again.Me()).GetProperty("id").GetGuid().ShouldBe(person.Id);

            var listed = (await Run(visit, "token => call('GET', '', token)", again.Token)).GetProperty("body");
            listed.GetProperty("next_cursor").ValueKind.ShouldBe(JsonValueKind.Null);
            var passkey = Assert.Single(listed.GetProperty("data").EnumerateArray());
            passkey.GetProperty("id").GetGuid().ShouldBe(id);
            passkey.GetProperty("name").GetString().ShouldBe("Ada’s phone");
            Assert.Equal(["internal"], passkey.GetProperty("transports").EnumerateArray().Select(transport => transport.GetString()));
            Assert.True(passkey.GetProperty("last_used_at").GetDateTimeOffset() >= passkey.GetProperty("created_at").GetDateTimeOffset());

            (await Run(visit, $"token => call('DELETE', '/{id}', token)", again.Token)).GetProperty("status").GetInt32().ShouldBe(204);
            (await SignIn(visit)).GetProperty("status").GetInt32().ShouldBe(401);
        });
    }

    private static Task<JsonElement> SignIn(Visit visit) =>
        Run(visit, "async () => call('POST', '/sign-in', null, { credential: JSON.parse(await get(JSON.stringify((await call('POST', '/sign-in/options')).body))) })");

    private static async Task<JsonElement> Run(Visit visit, string script, string? token = null) =>
        (await visit.Page.EvaluateAsync(script, token))!.Value;
}
