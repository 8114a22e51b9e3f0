using System.Net;
using FitFlow.Identity.Tests.Studios;

namespace FitFlow.Identity.Tests.Members;

public sealed class RemoveMemberTests(RunningSystem system)
{
    [Fact]
    public async Task WhoIsSentAwayIsGoneFromHereAndFromTheirToken()
    {
        var studio = await system.GivenStudio();
        var member = await studio.GivenMember("trainer");

        (await studio.Delete($"/members/{member.Id}")).ShouldBe(HttpStatusCode.NoContent);

        Assert.Empty(await studio.RolesOf(member));
        Assert.Equal(["client", "trainer", ""], await studio.Changes(member));
        await studio.Get("", await member.Renewed()).ShouldBeProblem(HttpStatusCode.Forbidden, "studios.not_a_member");
        await studio.Delete($"/members/{member.Id}").ShouldBeProblem(HttpStatusCode.NotFound, "members.unknown");
    }

    [Fact]
    public async Task AnybodyLeavesByThemselvesAndNobodySendsAnotherAway()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenMember("trainer"), await studio.GivenMember("client"));

        await studio.Delete($"/members/{client.Id}", trainer).ShouldBeProblem(HttpStatusCode.Forbidden, "members.not_an_owner");
        await studio.Delete($"/members/{trainer.Id}", client).ShouldBeProblem(HttpStatusCode.Forbidden, "members.not_an_owner");
        (await studio.Delete($"/members/{client.Id}", client)).ShouldBe(HttpStatusCode.NoContent);

        Assert.Equal(2, (await studio.All("/members")).Count);
    }

    [Fact]
    public async Task TheLastOwnerNeitherLeavesNorIsSentAway()
    {
        var studio = await system.GivenStudio();
        var admin = await system.GivenPerson("admin");

        await studio.Delete($"/members/{studio.Owner.Id}").ShouldBeProblem(HttpStatusCode.Conflict, "members.last_owner");
        await studio.Delete($"/members/{studio.Owner.Id}", admin).ShouldBeProblem(HttpStatusCode.Conflict, "members.last_owner");
    }

    [Fact]
    public async Task TheOnlyOwnerWhoseAccountIsClosedStaysUntilThereIsAnother()
    {
        var studio = await system.GivenStudio();
        var client = await studio.GivenMember("client");
        var admin = await system.GivenPerson("admin");
        (await admin.Post($"/users/{studio.Owner.Id}/deactivate")).ShouldBe(HttpStatusCode.NoContent);

        await studio.Delete($"/members/{studio.Owner.Id}", admin).ShouldBeProblem(HttpStatusCode.Conflict, "members.last_owner");
        await studio.Put($"/members/{studio.Owner.Id}", new { roles = new[] { "client" } }, admin).ShouldBeProblem(HttpStatusCode.Conflict, "members.last_owner");

        (await studio.Put($"/members/{client.Id}", new { roles = new[] { "gym_owner" } }, admin)).ShouldBe(HttpStatusCode.OK);
        (await studio.Delete($"/members/{studio.Owner.Id}", admin)).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task OfTwoOwnersWhoLeaveAtOnceOneStays()
    {
        var studio = await system.GivenStudio();
        var second = await studio.GivenMember("gym_owner");

        var answers = await Task.WhenAll(studio.Delete($"/members/{studio.Owner.Id}"), studio.Delete($"/members/{second.Id}", second));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.NoContent);
        await Assert.Single(answers, answer => answer.StatusCode != HttpStatusCode.NoContent).ShouldBeProblem(HttpStatusCode.Conflict, "members.last_owner");
    }

    [Fact]
    public async Task JoiningAndBeingSentAwayAtOnceLeavesNoHalf()
    {
        var studio = await system.GivenStudio();
        var person = await studio.GivenMember("client");
        var link = (await studio.Post("/join-link").ShouldBeOk()).GetProperty("token").GetString();

        foreach (var _ in Enumerable.Range(0, 5))
        {
            await Task.WhenAll(studio.Delete($"/members/{person.Id}"), person.Post("/studios/join", new { token = link }), studio.Delete($"/members/{person.Id}"));
            person = await person.Renewed();
        }

        // What was said last is what is so, and each said something else than the one before.
        var said = await studio.Changes(person);
        Assert.Equal(said[^1], string.Join(',', await studio.RolesOf(person)));
        Assert.All(said.Zip(said.Skip(1)), pair => Assert.NotEqual(pair.First, pair.Second));
    }
}
