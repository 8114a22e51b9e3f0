using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace FitFlow.Identity.Tests.Passkeys;

/// Listing, naming and removing: each person their own.
public sealed class ManagePasskeysTests(RunningSystem system, Browser browser)
{
    [Fact]
    public Task AnothersPasskeyIsNotThere() => Story(async (page, person, id) =>
    {
        var other = await system.GivenPerson();
        using var http = other.Http();

        Assert.Empty((await http.GetFromJsonAsync<JsonElement>("/api/v1/auth/passkeys")).GetProperty("data").EnumerateArray());
        await (await http.PutAsJsonAsync($"/api/v1/auth/passkeys/{id}", new { name = "Theirs" })).ShouldBeProblem(HttpStatusCode.NotFound, "passkeys.unknown");
        await (await http.DeleteAsync($"/api/v1/auth/passkeys/{id}")).ShouldBeProblem(HttpStatusCode.NotFound, "passkeys.unknown");

        Assert.Equal(["My phone"], await IdentityDb.Read<string>("SELECT name FROM passkeys WHERE user_id = @person", ("person", person.Id)));
        (await page.SignIn(await page.Use())).ShouldBe(HttpStatusCode.OK);
    });

    [Fact]
    public Task OneIsRemovedAndTheOtherStays() => Story(async (page, person, id) =>
    {
        await page.Device.Clear();
        var added = await page.Add(person, await page.Make(person), "My laptop");
        // What the device has forgotten it could make again: the person's list is what the page excludes by.
        added.ShouldBe(HttpStatusCode.Created);
        using var http = person.Http();

        (await http.DeleteAsync($"/api/v1/auth/passkeys/{id}")).ShouldBe(HttpStatusCode.NoContent);
        await (await http.DeleteAsync($"/api/v1/auth/passkeys/{id}")).ShouldBeProblem(HttpStatusCode.NotFound, "passkeys.unknown");

        Assert.Equal(["My laptop"], await IdentityDb.Read<string>("SELECT name FROM passkeys WHERE user_id = @person", ("person", person.Id)));
        (await page.SignIn(await page.Use())).ShouldBe(HttpStatusCode.OK);
    });

    [Fact]
    public Task ARemovedPasskeyDoesNotFinishASignInThatHadBegun() => Story(async (page, person, id) =>
    {
        var credential = await page.Use();
        using var http = person.Http();
        (await http.DeleteAsync($"/api/v1/auth/passkeys/{id}")).ShouldBe(HttpStatusCode.NoContent);

        await (await page.SignIn(credential)).ShouldBeProblem(HttpStatusCode.Unauthorized, "passkeys.sign_in_refused");
    });

    [Fact]
    public Task ANewPasswordByLetterRemovesThemAll() => Story(async (page, person, _) =>
    {
        var credential = await page.Use();
        using var http = person.System.Anonymous();
        await http.PostAsJsonAsync("/api/v1/auth/forgot-password", new { email = person.Email });
        var letter = await person.System.LetterTo(person.Email);
        while (!letter.Text.Contains("/reset-password#", StringComparison.Ordinal)) letter = await person.System.LetterTo(person.Email);

        (await http.PostAsJsonAsync("/api/v1/auth/reset-password", new { token = letter.Token, password = "another horse battery" })).ShouldBe(HttpStatusCode.NoContent);

        await (await page.SignIn(credential)).ShouldBeProblem(HttpStatusCode.Unauthorized, "passkeys.sign_in_refused");
    });

    [Fact]
    public Task WhoIsErasedLeavesNone() => Story(async (page, person, _) =>
    {
        var credential = await page.Use();
        using var http = person.Http();
        var export = await (await http.PostAsJsonAsync("/api/v1/users/me/export", new { password = person.Password })).Read();
        Assert.Single(export.GetProperty("passkeys").EnumerateArray());

        (await http.PostAsJsonAsync("/api/v1/users/me/erase", new { password = person.Password })).ShouldBe(HttpStatusCode.OK);

        Assert.Equal(0, await IdentityDb.Count("SELECT COUNT(*) FROM passkeys WHERE user_id = @person", ("person", person.Id)));
        await (await page.SignIn(credential)).ShouldBeProblem(HttpStatusCode.Unauthorized, "passkeys.sign_in_refused");
    });

    [Fact]
    public Task ANameIsSomethingAndNotTooLong() => Story(async (_, person, id) =>
    {
        using var http = person.Http();
        foreach (var name in (string?[])[null, "", "   ", new string('x', 65)])
        {
            var problem = await (await http.PutAsJsonAsync($"/api/v1/auth/passkeys/{id}", new { name })).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
            Assert.True(problem.GetProperty("errors").TryGetProperty("name", out JsonElement _));
        }

        foreach (var name in new OddTexts().Select(text => text.Data))
        {
            var renamed = await http.PutAsJsonAsync($"/api/v1/auth/passkeys/{id}", new { name, user_id = Guid.Empty });
            renamed.ShouldBe(HttpStatusCode.OK);
            (await renamed.Read()).GetProperty("name").GetString().ShouldBe(name.Trim());
        }
    });

    [Fact]
    public async Task OnlySomebodySignedInHasAList()
    {
        using var http = system.Anonymous();

        await (await http.GetAsync("/api/v1/auth/passkeys")).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.required");
        await (await http.DeleteAsync($"/api/v1/auth/passkeys/{Guid.Empty}")).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.required");
        await (await http.PutAsJsonAsync($"/api/v1/auth/passkeys/{Guid.Empty}", new { name = "x" })).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.required");
    }

    private async Task Story(Func<PasskeyBrowser, Person, Guid, Task> story)
    {
        var person = await system.GivenPerson();
        await PasskeyBrowser.Open(browser, system, async page => await story(page, person, await page.GivenPasskey(person)));
    }
}
