using System.Net;
using FitFlow.Identity.Tests.Studios;

namespace FitFlow.Identity.Tests.Members;

public sealed class SetRolesTests(RunningSystem system)
{
    private static object To(params string[] roles) => new { roles };

    [Fact]
    public async Task AMemberBecomesExactlyThisAndTheWorldHearsOnce()
    {
        var studio = await system.GivenStudio();
        var member = await studio.GivenMember("client");

        var answer = await studio.Put($"/members/{member.Id}", To("trainer", "gym_owner", "trainer")).ShouldBeOk();
        await studio.Put($"/members/{member.Id}", To("gym_owner", "trainer")).ShouldBeOk();

        Assert.Equal(["gym_owner", "trainer"], answer.Roles());
        Assert.Equal(["gym_owner", "trainer"], await studio.RolesOf(member));
        Assert.Equal(["client", "gym_owner,trainer"], await studio.Changes(member));
        var renewed = await member.Renewed();
        await studio.Get("/members", renewed).ShouldBeOk();
    }

    [Fact]
    public async Task OlderTokensOfTheMemberDie()
    {
        var studio = await system.GivenStudio();
        var member = await studio.GivenMember("trainer");

        await studio.SetRoles(member, "client");

        await Eventually.Holds(async () => (await studio.Get("/clients", member)).StatusCode == HttpStatusCode.Unauthorized, "the older token is refused");
        await studio.Get("/clients", await member.Renewed()).ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");
    }

    [Theory]
    [InlineData("""["admin"]""", "roles")]
    [InlineData("""["client","admin"]""", "roles")]
    [InlineData("""[]""", "roles")]
    [InlineData("""null""", "roles")]
    [InlineData("""["everyone"]""", "roles[0]")]
    [InlineData("""[2]""", "roles[0]")]
    [InlineData("""["client","client","client","client"]""", "roles")]
    public async Task NobodyIsMadeAdminOrNothing(string roles, string field)
    {
        var studio = await system.GivenStudio();

        var problem = await studio.Put($"/members/{studio.Owner.Id}", new { roles = System.Text.Json.JsonDocument.Parse(roles).RootElement })
            .ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");

        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task TheLastOwnerStaysOne()
    {
        var studio = await system.GivenStudio();
        await studio.GivenMember("trainer");

        await studio.Put($"/members/{studio.Owner.Id}", To("trainer", "client")).ShouldBeProblem(HttpStatusCode.Conflict, "members.last_owner");

        await studio.Put($"/members/{studio.Owner.Id}", To("gym_owner", "trainer")).ShouldBeOk();
    }

    [Fact]
    public async Task AnOwnerWhoseAccountIsClosedDoesNotCount()
    {
        var studio = await system.GivenStudio();
        var second = await studio.GivenMember("gym_owner");
        await IdentityDb.Write("UPDATE users SET deactivated_at = UTC_TIMESTAMP(6) WHERE id = @Person", ("Person", second.Id));

        await studio.Put($"/members/{studio.Owner.Id}", To("client")).ShouldBeProblem(HttpStatusCode.Conflict, "members.last_owner");

        await studio.SetRoles(second, "client");
    }

    [Fact]
    public async Task OfTwoOwnersWhoDemoteEachOtherAtOnceOneIsLeft()
    {
        var studio = await system.GivenStudio();
        var second = await studio.GivenMember("gym_owner");

        var answers = await Task.WhenAll(
            studio.Put($"/members/{second.Id}", To("client")), studio.Put($"/members/{studio.Owner.Id}", To("client"), second));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized);
        Assert.Equal(1, await IdentityDb.Count(
            "SELECT COUNT(*) FROM memberships_rows WHERE tenant_id = @Studio AND FIND_IN_SET('gym_owner', roles) > 0", ("Studio", studio.Id)));
    }

    [Fact]
    public async Task WhoIsNoMemberIsMadeNothing()
    {
        var studio = await system.GivenStudio();
        var stranger = await system.GivenPerson();

        await studio.Put($"/members/{stranger.Id}", To("client")).ShouldBeProblem(HttpStatusCode.NotFound, "members.unknown");

        Assert.Empty(await studio.Changes(stranger));
    }

    [Fact]
    public async Task ItIsInTheAudit()
    {
        var studio = await system.GivenStudio();
        var member = await studio.GivenMember("trainer");

        Assert.Equal(1, await IdentityDb.Count(
            "SELECT COUNT(*) FROM audit_log WHERE kind = 'role_changed' AND studio_id = @Studio AND actor_id = @Owner AND subject_id = @Member",
            ("Studio", studio.Id), ("Owner", studio.Owner.Id), ("Member", member.Id)));
    }
}
