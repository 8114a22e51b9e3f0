using System.Net;
using System.Text;
using System.Text.Json;

namespace FitFlow.Identity.Tests.Users;

public sealed class MeTests(RunningSystem system)
{
    private const string Long = "0123456789";

    private static object Changed(string firstName = "Grace", string lastName = "Hopper", string? phone = "+1 (514) 555-0199", string language = "fr") =>
        new { first_name = firstName, last_name = lastName, phone, language };

    [Fact]
    public async Task WhatOneChangesIsThereAtOnceAndSaidOnceByTheNamesOfTheFields()
    {
        var ada = await system.GivenPerson();
        await ada.Me();

        var answer = await ada.Put("/users/me", Changed());

        answer.ShouldBe(HttpStatusCode.OK);
        foreach (var me in new[] { await answer.Read(), await ada.Me() })
        {
            me.GetProperty("first_name").GetString().ShouldBe("Grace");
            me.GetProperty("last_name").GetString().ShouldBe("Hopper");
            me.GetProperty("phone").GetString().ShouldBe("+1 (514) 555-0199");
            me.GetProperty("language").GetString().ShouldBe("fr");
        }

        (await Roles.Events("user.updated", ada.Id)).ShouldBe([$$"""{"user_id":"{{ada.Id}}","changes":["first_name","last_name","phone","language"]}"""]);
    }

    [Fact]
    public async Task WhatStaysTheSameIsNoNews()
    {
        var ada = await system.GivenPerson();
        (await ada.Put("/users/me", Changed())).ShouldBe(HttpStatusCode.OK);
        (await ada.Put("/users/me", Changed())).ShouldBe(HttpStatusCode.OK);
        (await ada.Put("/users/me", Changed(phone: null))).ShouldBe(HttpStatusCode.OK);

        (await Roles.Events("user.updated", ada.Id)).Count.ShouldBe(2);
        (await ada.Me()).GetProperty("phone").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task NobodyMakesThemselvesSomebodyElse()
    {
        var ada = await system.GivenPerson();

        (await ada.Put("/users/me", new
        {
            first_name = "Ada",
            last_name = "Byron",
            language = "en",
            id = Guid.Empty,
            role = "admin",
            email = "root@example.org",
            is_active = false,
            erased_at = "2020-01-01T00:00:00Z",
        })).ShouldBe(HttpStatusCode.OK);

        var me = await ada.Me();
        me.GetProperty("id").GetGuid().ShouldBe(ada.Id);
        me.GetProperty("role").GetString().ShouldBe("client");
        me.GetProperty("email").GetString().ShouldBe(ada.Email);
        (await IdentityDb.Count("SELECT COUNT(*) FROM users WHERE id = @Id AND is_active = 1 AND erased_at IS NULL", ("Id", ada.Id))).ShouldBe(1);
    }

    [Fact]
    public async Task ItIsReadFromRedisUntilItIsChanged()
    {
        var ada = await system.GivenPerson();
        await Eventually.Holds(async () => (await ada.Me()).GetProperty("welcomed_at").ValueKind != JsonValueKind.Null);
        await ada.Me();

        await IdentityDb.Write("UPDATE users SET first_name = 'Nobody' WHERE id = @Id", ("Id", ada.Id));
        (await ada.Me()).GetProperty("first_name").GetString().ShouldBe("Ada");

        (await ada.Put("/users/me", Changed(firstName: "Augusta"))).ShouldBe(HttpStatusCode.OK);
        (await ada.Me()).GetProperty("first_name").GetString().ShouldBe("Augusta");
    }

    [Fact]
    public async Task OfManyWhoChangeAtOnceTheLastOneStandsAndIsWhatIsRead()
    {
        var ada = await system.GivenPerson();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => ada.Put("/users/me", Changed(firstName: $"Ada {i}"))));

        Assert.All(answers, answer => answer.ShouldBe(HttpStatusCode.OK));
        var stored = (await IdentityDb.Read<string>("SELECT first_name FROM users WHERE id = @Id", ("Id", ada.Id)))[0];
        (await ada.Me()).GetProperty("first_name").GetString().ShouldBe(stored);
    }

    [Theory, ClassData(typeof(OddTexts))]
    public async Task ANameIsKeptToTheLetter(string name)
    {
        var ada = await system.GivenPerson();

        (await ada.Put("/users/me", Changed(name, name))).ShouldBe(HttpStatusCode.OK);

        (await ada.Me()).GetProperty("first_name").GetString().ShouldBe(name);
        (await ada.Me()).GetProperty("last_name").GetString().ShouldBe(name);
        (await ada.Put("/users/me", Changed(phone: name))).ShouldBe(HttpStatusCode.BadRequest);
        (await ada.Put("/users/me", Changed(language: name))).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("first_name", "")]
    [InlineData("first_name", " \t ")]
    [InlineData("last_name", Long + Long + Long + Long + Long + Long + Long + Long + Long + Long + "!")]
    [InlineData("phone", "call me")]
    [InlineData("phone", "012345678901234567890")]
    [InlineData("language", "de")]
    [InlineData("language", null)]
    public async Task EveryFieldThatIsWrongIsNamed(string field, string? value)
    {
        var ada = await system.GivenPerson();
        var body = new Dictionary<string, string?> { ["first_name"] = "Ada", ["last_name"] = "Byron", ["phone"] = null, ["language"] = "en", [field] = value };

        var problem = await (await ada.Put("/users/me", body)).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");

        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task HalfACharacterIsNoText()
    {
        var ada = await system.GivenPerson();
        using var http = ada.Http();
        using var body = new StringContent("""{"first_name":"\ud800","last_name":"Byron","language":"en"}""", Encoding.UTF8, "application/json");

        (await http.PutAsync("/api/v1/users/me", body)).ShouldBe(HttpStatusCode.BadRequest);
    }
}
