using System.Net;

namespace FitFlow.Identity.Tests.Studios;

public sealed class EditStudioTests(RunningSystem system)
{
    internal static IDictionary<string, object?> Edited(int version, string name = "Iron & Silk")
    {
        var edited = StudioStory.NewStudio;
        (edited["name"], edited["is_active"], edited["version"]) = (name, true, version);
        return edited;
    }

    [Fact]
    public async Task AnEditReplacesAllAndSaysWhatChanged()
    {
        var studio = await system.GivenStudio();
        var edited = Edited(1, "Steel & Silk");
        edited["time_zone"] = "America/Vancouver";
        edited["tax_region"] = "CA-BC";
        edited["description"] = "By the sea";

        var answer = await studio.Put("", edited).ShouldBeOk();

        answer.GetProperty("version").GetInt32().ShouldBe(2);
        (await studio.Get("").ShouldBeOk()).ToString().ShouldBe(answer.ToString());
        var told = Assert.Single(await studio.Events("studio.updated"));
        Assert.Equal(["description", "name", "tax_region", "time_zone"], told.GetProperty("changed").EnumerateArray().Select(field => field.GetString()));
        told.GetProperty("time_zone").GetString().ShouldBe("America/Vancouver");
        told.GetProperty("tax_region").GetString().ShouldBe("CA-BC");
        told.GetProperty("is_active").GetBoolean().ShouldBe(true);
        Assert.DoesNotContain("sea", told.ToString(), StringComparison.Ordinal);

        var back = await studio.Put("", Edited(2)).ShouldBeOk();
        back.GetProperty("description").GetString().ShouldBe(null);
    }

    [Fact]
    public async Task WhatChangesNothingIsNoNews()
    {
        var studio = await system.GivenStudio();

        var answer = await studio.Put("", Edited(1)).ShouldBeOk();

        answer.GetProperty("version").GetInt32().ShouldBe(1);
        Assert.Empty(await studio.Events("studio.updated"));
    }

    [Fact]
    public async Task OfTwoOwnersWhoEditAtOnceTheLaterIsShownWhatTheEarlierMade()
    {
        var studio = await system.GivenStudio();
        var second = await studio.GivenMember("gym_owner");

        var answers = await Task.WhenAll(studio.Put("", Edited(1, "Ours")), studio.Put("", Edited(1, "Mine"), second));

        var won = await Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK).Read();
        var lost = await Assert.Single(answers, answer => answer.StatusCode != HttpStatusCode.OK).ShouldBeProblem(HttpStatusCode.Conflict, "studios.changed_meanwhile");
        lost.GetProperty("current").GetProperty("name").GetString().ShouldBe(won.GetProperty("name").GetString());
        lost.GetProperty("current").GetProperty("version").GetInt32().ShouldBe(2);
        Assert.Single(await studio.Events("studio.updated"));
    }

    [Theory]
    [InlineData("version")]
    [InlineData("is_active")]
    [InlineData("name")]
    public async Task WhatAnEditCannotDoWithoutIsNamed(string field)
    {
        var studio = await system.GivenStudio();
        var edited = Edited(1);
        edited.Remove(field);

        var problem = await studio.Put("", edited).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");

        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task NobodyJoinsAClosedStudio()
    {
        var studio = await system.GivenStudio();
        var link = (await studio.Post("/join-link").ShouldBeOk()).GetProperty("token").GetString();
        var edited = Edited(1);
        edited["is_active"] = false;
        await studio.Put("", edited).ShouldBeOk();

        await (await system.GivenPerson()).Post("/studios/join", new { token = link }).ShouldBeProblem(HttpStatusCode.Conflict, "studios.inactive");
    }
}
