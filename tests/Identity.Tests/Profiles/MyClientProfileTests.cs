using System.Net;
using System.Text.Json;

namespace FitFlow.Identity.Tests.Profiles;

public sealed class MyClientProfileTests(RunningSystem system)
{
    internal static Dictionary<string, object?> Whole(string text = "Peanuts, and a knee from 2019") => new()
    {
        ["health_clearance"] = true,
        ["fitness_level"] = "intermediate",
        ["emergency_contact"] = new { name = "Annabella Milbanke", phone = "+44 20 7946 0018", relation = "mother" },
        ["medical_info"] = text,
        ["date_of_birth"] = "1985-12-10",
        ["address"] = new { line1 = "12 St James's Square", line2 = (string?)null, city = "London", region = (string?)null, postal_code = "SW1Y 4JH", country = "GB" },
    };

    [Fact]
    public async Task WhoHasWrittenNothingYetHasAnEmptyOne()
    {
        var ada = await system.GivenPerson();

        var profile = await (await ada.Get("/users/me/client-profile")).Read();

        profile.GetProperty("health_clearance").GetBoolean().ShouldBe(false);
        foreach (var field in new[] { "fitness_level", "emergency_contact", "medical_info", "date_of_birth", "address" })
        {
            profile.GetProperty(field).ValueKind.ShouldBe(JsonValueKind.Null);
        }
    }

    [Fact]
    public async Task WhatOneWritesIsReadAgainAndNeverCachedAndSaidByNameOnly()
    {
        var ada = await system.GivenPerson();

        (await ada.Put("/users/me/client-profile", Whole())).ShouldBe(HttpStatusCode.OK);

        var answer = await ada.Get("/users/me/client-profile");
        Assert.True(answer.Headers.CacheControl?.NoStore);
        var profile = await answer.Read();
        profile.GetProperty("medical_info").GetString().ShouldBe("Peanuts, and a knee from 2019");
        profile.GetProperty("emergency_contact").GetProperty("phone").GetString().ShouldBe("+44 20 7946 0018");
        profile.GetProperty("date_of_birth").GetString().ShouldBe("1985-12-10");
        profile.GetProperty("address").GetProperty("postal_code").GetString().ShouldBe("SW1Y 4JH");
        (await Roles.Events("user.updated", ada.Id)).ShouldBe(
            [$$"""{"user_id":"{{ada.Id}}","changes":["health_clearance","fitness_level","emergency_contact","medical_info","date_of_birth","address"]}"""]);
    }

    [Fact]
    public async Task ItReplacesAllOfIt()
    {
        var ada = await system.GivenPerson();
        (await ada.Put("/users/me/client-profile", Whole())).ShouldBe(HttpStatusCode.OK);

        (await ada.Put("/users/me/client-profile", new { health_clearance = true })).ShouldBe(HttpStatusCode.OK);

        (await (await ada.Get("/users/me/client-profile")).Read()).GetProperty("medical_info").ValueKind.ShouldBe(JsonValueKind.Null);
        Assert.EndsWith("""["fitness_level","emergency_contact","medical_info","date_of_birth","address"]}""", (await Roles.Events("user.updated", ada.Id))[1]);
    }

    [Fact]
    public async Task AtRestNothingOfItCanBeRead()
    {
        var ada = await system.GivenPerson();
        (await ada.Put("/users/me/client-profile", Whole())).ShouldBe(HttpStatusCode.OK);

        foreach (var word in new[] { "Peanuts", "Annabella", "7946", "1985", "James", "SW1Y" })
        {
            (await IdentityDb.Count(
                """
                SELECT COUNT(*)
                FROM client_profiles_rows
                WHERE owner_id = @Id
                  AND CONCAT(COALESCE(emergency_contact, ''), COALESCE(medical_info, ''), COALESCE(date_of_birth, ''), COALESCE(address, '')) LIKE CONCAT('%', @Word, '%')
                """, ("Id", ada.Id), ("Word", word))).ShouldBe(0);
        }

        (await IdentityDb.Count("SELECT COUNT(*) FROM client_profiles_rows WHERE owner_id = @Id AND LENGTH(medical_info) = 40 + LENGTH('Peanuts, and a knee from 2019')", ("Id", ada.Id))).ShouldBe(1);
    }

    [Fact]
    public async Task ReadingOnesOwnLeavesNoTrace()
    {
        var ada = await system.GivenPerson();
        (await ada.Put("/users/me/client-profile", Whole())).ShouldBe(HttpStatusCode.OK);
        (await ada.Get("/users/me/client-profile")).ShouldBe(HttpStatusCode.OK);
        (await ada.Get($"/users/{ada.Id}/role-info?role=client")).ShouldBe(HttpStatusCode.OK);

        (await IdentityDb.Count("SELECT COUNT(*) FROM audit_log WHERE subject_id = @Id", ("Id", ada.Id))).ShouldBe(0);
    }

    [Fact]
    public async Task OfManyFirstOnesAtOnceOneStandsWhole()
    {
        var ada = await system.GivenPerson();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => ada.Put("/users/me/client-profile", Whole($"note {i}"))));

        Assert.All(answers, answer => answer.ShouldBe(HttpStatusCode.OK));
        Assert.StartsWith("note ", (await (await ada.Get("/users/me/client-profile")).Read()).GetProperty("medical_info").GetString());
    }

    [Theory, ClassData(typeof(OddTexts))]
    public async Task ATextIsKeptToTheLetter(string text)
    {
        var ada = await system.GivenPerson();
        var profile = Whole(text);
        profile["emergency_contact"] = new { name = text, phone = "+1 555 0100", relation = text[..Math.Min(text.Length, 40)] };
        profile["address"] = new { line1 = text, city = text, region = text, country = "CA" };

        (await ada.Put("/users/me/client-profile", profile)).ShouldBe(HttpStatusCode.OK);

        var read = await (await ada.Get("/users/me/client-profile")).Read();
        read.GetProperty("medical_info").GetString().ShouldBe(text);
        read.GetProperty("emergency_contact").GetProperty("name").GetString().ShouldBe(text);
        read.GetProperty("address").GetProperty("city").GetString().ShouldBe(text);
    }

    [Fact]
    public async Task TheLongestThatIsTakenFits()
    {
        var ada = await system.GivenPerson();
        static string Of(int length) => string.Concat(Enumerable.Repeat("\uD83C\uDFCB", length / 2));
        var profile = Whole(Of(4_000));
        profile["emergency_contact"] = new { name = Of(100), phone = "+1 555 0100 000 000", relation = Of(50) };
        profile["address"] = new { line1 = Of(200), line2 = Of(200), city = Of(100), region = Of(100), postal_code = Of(20), country = "CA" };

        (await ada.Put("/users/me/client-profile", profile)).ShouldBe(HttpStatusCode.OK);

        (await (await ada.Get("/users/me/client-profile")).Read()).GetProperty("medical_info").GetString().ShouldBe(Of(4_000));
        profile["medical_info"] = Of(4_000) + "!";
        await (await ada.Put("/users/me/client-profile", profile)).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
    }

    public static TheoryData<string, object?> Wrong => new()
    {
        { "fitness_level", "godlike" },
        { "fitness_level", 2 },
        { "date_of_birth", "1800-01-01" },
        { "date_of_birth", "2999-01-01" },
        { "date_of_birth", "yesterday" },
        { "emergency_contact.phone", new { name = "A", phone = "call her" } },
        { "emergency_contact.name", new { name = " ", phone = "+1 555 0100" } },
        { "address.country", new { line1 = "1 Rue X", city = "Y", country = "Canada" } },
        { "address.line1", new { line1 = new string('x', 201), city = "Y", country = "CA" } },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task EveryFieldThatIsWrongIsNamed(string field, object? value)
    {
        var ada = await system.GivenPerson();
        var profile = Whole();
        profile[field.Split('.')[0]] = value;

        var problem = await (await ada.Put("/users/me/client-profile", profile)).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");

        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }
}
