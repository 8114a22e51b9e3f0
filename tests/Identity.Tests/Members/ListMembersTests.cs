using System.Net;
using FitFlow.Identity.Tests.Studios;

namespace FitFlow.Identity.Tests.Members;

public sealed class ListMembersTests(RunningSystem system)
{
    [Fact]
    public async Task MembersAreListedByNameAndFoundByRoleAndName()
    {
        var studio = await system.GivenStudio();
        var (zoe, anna, both) = (await studio.GivenMember("trainer"), await studio.GivenMember("client"), await studio.GivenMember("trainer", "client"));
        await Name(zoe, "Zoë", "Abel");
        await Name(anna, "Anna", "O'Hara %_");
        await Name(both, "Anna", "Abel");

        Assert.Equal([both.Id, zoe.Id, studio.Owner.Id, anna.Id], Ids(await studio.All("/members")));
        Assert.Equal([both.Id, zoe.Id], Ids(await studio.All("/members?role=trainer", limit: 1)));
        Assert.Equal([both.Id, anna.Id], Ids(await studio.All("/members?role=client")));
        Assert.Equal([zoe.Id], Ids(await studio.All("/members?search=ZOE")));
        Assert.Equal([both.Id, anna.Id], Ids(await studio.All("/members?search=anna", limit: 1)));
        Assert.Equal([anna.Id], Ids(await studio.All($"/members?search={Uri.EscapeDataString("%_")}")));
        Assert.Empty(await studio.All($"/members?search={Uri.EscapeDataString("' OR 1=1 -- \U0001F3CB")}"));
    }

    [Fact]
    public async Task AMemberIsShownWithAddressAndRoles()
    {
        var studio = await system.GivenStudio();

        var member = Assert.Single(await studio.All("/members"));

        member.GetProperty("email").GetString().ShouldBe(studio.Owner.Email);
        member.GetProperty("first_name").GetString().ShouldBe("Ada");
        Assert.Equal(["gym_owner"], member.Roles());
    }

    [Theory]
    [InlineData("role=admin", "role")]
    [InlineData("role=nobody", "role")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("cursor=nonsense", "cursor")]
    public async Task WhatCannotBeAskedIsNamed(string query, string field)
    {
        var studio = await system.GivenStudio();

        var problem = await studio.Get($"/members?{query}").ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");

        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    private static IEnumerable<Guid> Ids(IEnumerable<System.Text.Json.JsonElement> members) => members.Select(member => member.GetProperty("user_id").GetGuid());

    private static Task Name(Person person, string first, string last) => IdentityDb.Write(
        "UPDATE users SET first_name = @First, last_name = @Last WHERE id = @Id", ("First", first), ("Last", last), ("Id", person.Id));
}
