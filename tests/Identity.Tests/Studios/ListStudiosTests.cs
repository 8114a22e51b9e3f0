using System.Net;

namespace FitFlow.Identity.Tests.Studios;

public sealed class ListStudiosTests(RunningSystem system)
{
    [Fact]
    public async Task EverybodySeesTheirOwnAndWhatTheyAreThere()
    {
        var (one, two) = (await system.GivenStudio(), await system.GivenStudio());
        var person = await one.GivenMember("trainer", "client");
        await two.Join(person);

        var first = await (await person.Get("/studios?limit=1")).Read();
        var second = await (await person.Get($"/studios?limit=1&cursor={first.GetProperty("next_cursor").GetString()}")).Read();

        var studios = new[] { first, second }.Select(page => Assert.Single(page.GetProperty("data").EnumerateArray())).ToDictionary(studio => studio.GetProperty("id").GetGuid());
        Assert.Equal(2, studios.Count);
        Assert.Equal(["trainer", "client"], studios[one.Id].Roles());
        Assert.Equal(["client"], studios[two.Id].Roles());
        studios[one.Id].GetProperty("name").GetString().ShouldBe("Iron & Silk");
        studios[one.Id].GetProperty("time_zone").GetString().ShouldBe("America/Toronto");
        second.GetProperty("next_cursor").GetString().ShouldBe(null);
        Assert.Empty((await (await (await system.GivenPerson()).Get("/studios")).Read()).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task OnlyAnAdminSeesAll()
    {
        var studio = await system.GivenStudio();

        await studio.Owner.Get("/studios?all=true").ShouldBeProblem(HttpStatusCode.Forbidden, "studios.admins_only");

        var admin = await system.GivenPerson("admin");
        var found = false;
        string? cursor = null;
        do
        {
            var page = await admin.Get($"/studios?all=true&limit=200{(cursor is null ? "" : $"&cursor={cursor}")}").ShouldBeOk();
            found |= page.GetProperty("data").EnumerateArray().Any(item => item.GetProperty("id").GetGuid() == studio.Id);
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        Assert.True(found);
    }

    [Fact]
    public async Task ACursorOfAnotherQueryIsRefused() =>
        await (await system.GivenPerson()).Get("/studios?cursor=AAAA").ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
}
