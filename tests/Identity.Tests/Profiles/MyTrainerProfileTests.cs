using System.Net;
using System.Text.Json;

namespace FitFlow.Identity.Tests.Profiles;

public sealed class MyTrainerProfileTests(RunningSystem system)
{
    private static object Whole(string bio = "Ten years on the mat.", string certification = "CPT") => new
    {
        certifications = new[] { certification, "Nutrition Specialist" },
        specializations = new[] { "Strength Training" },
        years_experience = 5,
        bio,
        rating = 5.0,
        user_id = Guid.Empty,
    };

    [Fact]
    public async Task WhatATrainerWritesIsReadAgainAndTheRatingIsNotTheirsToGive()
    {
        var tom = await system.GivenPerson("trainer");

        (await tom.Put("/users/me/trainer-profile", Whole())).ShouldBe(HttpStatusCode.OK);

        var profile = await (await tom.Get("/users/me/trainer-profile")).Read();
        Assert.Equal(["CPT", "Nutrition Specialist"], profile.GetProperty("certifications").EnumerateArray().Select(name => name.GetString()));
        profile.GetProperty("years_experience").GetInt32().ShouldBe(5);
        profile.GetProperty("bio").GetString().ShouldBe("Ten years on the mat.");
        profile.GetProperty("rating").ValueKind.ShouldBe(JsonValueKind.Null);
        (await Roles.Events("user.updated", tom.Id)).ShouldBe(
            [$$"""{"user_id":"{{tom.Id}}","changes":["certifications","specializations","years_experience","bio"]}"""]);
    }

    [Fact]
    public async Task ARatingThatOthersGaveStays()
    {
        var tom = await system.GivenPerson("trainer");
        (await tom.Put("/users/me/trainer-profile", Whole())).ShouldBe(HttpStatusCode.OK);
        await IdentityDb.Write("UPDATE trainer_profiles SET rating = 4.8 WHERE user_id = @Id", ("Id", tom.Id));

        (await (await tom.Put("/users/me/trainer-profile", Whole("Eleven years."))).Read()).GetProperty("rating").GetDecimal().ShouldBe(4.8m);

        (await (await tom.Get($"/users/{tom.Id}/role-info")).Read()).GetProperty("rating").GetDecimal().ShouldBe(4.8m);
    }

    [Fact]
    public async Task ClientsHaveNone()
    {
        var ada = await system.GivenPerson();

        await (await ada.Get("/users/me/trainer-profile")).ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");
        await (await ada.Put("/users/me/trainer-profile", Whole())).ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");
    }

    [Theory, ClassData(typeof(OddTexts))]
    public async Task ATextIsKeptToTheLetter(string text)
    {
        var tom = await system.GivenPerson("trainer");

        (await tom.Put("/users/me/trainer-profile", Whole(text, text))).ShouldBe(HttpStatusCode.OK);

        var profile = await (await tom.Get("/users/me/trainer-profile")).Read();
        profile.GetProperty("bio").GetString().ShouldBe(text);
        profile.GetProperty("certifications")[0].GetString().ShouldBe(text);
    }

    [Fact]
    public async Task WhatIsTooMuchIsRefused()
    {
        var tom = await system.GivenPerson("trainer");
        foreach (var wrong in new[]
        {
            new { certifications = Enumerable.Repeat("x", 31).ToArray(), specializations = Array.Empty<string>(), years_experience = 1, bio = "" },
            new { certifications = new[] { new string('x', 101) }, specializations = Array.Empty<string>(), years_experience = 1, bio = "" },
            new { certifications = Array.Empty<string>(), specializations = new[] { " " }, years_experience = 1, bio = "" },
            new { certifications = Array.Empty<string>(), specializations = Array.Empty<string>(), years_experience = 81, bio = "" },
            new { certifications = Array.Empty<string>(), specializations = Array.Empty<string>(), years_experience = 1, bio = new string('x', 2_001) },
        })
        {
            await (await tom.Put("/users/me/trainer-profile", wrong)).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
        }
    }
}
