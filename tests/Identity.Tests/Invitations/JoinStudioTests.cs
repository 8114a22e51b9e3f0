using System.Net;
using FitFlow.Identity.Tests.Studios;

namespace FitFlow.Identity.Tests.Invitations;

public sealed class JoinStudioTests(RunningSystem system)
{
    [Fact]
    public async Task ByTheLinkAnybodyBecomesAClientOnce()
    {
        var studio = await system.GivenStudio();
        var link = await Link(studio);
        var person = await system.GivenPerson();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Join(person, link)));

        foreach (var answer in answers)
        {
            answer.ShouldBe(HttpStatusCode.OK);
            var joined = await answer.Read();
            joined.GetProperty("studio_id").GetGuid().ShouldBe(studio.Id);
            joined.GetProperty("studio_name").GetString().ShouldBe("Iron & Silk");
            Assert.Equal(["client"], joined.Roles());
        }

        Assert.Equal(["client"], await studio.RolesOf(person));
        Assert.Equal(["client"], await studio.Changes(person));
        await studio.Get("", await person.Renewed()).ShouldBeOk();
    }

    [Fact]
    public async Task WhoBelongsToTheStudioStaysWhatTheyAre()
    {
        var studio = await system.GivenStudio();

        var joined = await Join(studio.Owner, await Link(studio)).ShouldBeOk();

        Assert.Equal(["gym_owner"], joined.Roles());
        Assert.Equal(["gym_owner"], await studio.Changes(studio.Owner));
    }

    [Fact]
    public async Task ANewLinkEndsTheOneBeforeAndAnEndedOneLeadsNowhere()
    {
        var studio = await system.GivenStudio();
        var (first, second) = (await Link(studio), await Link(studio));
        var person = await system.GivenPerson();

        await Join(person, first).ShouldBeProblem(HttpStatusCode.NotFound, "invitations.unknown");
        (await studio.Delete("/join-link")).ShouldBe(HttpStatusCode.NoContent);
        (await studio.Delete("/join-link")).ShouldBe(HttpStatusCode.NoContent);
        await Join(person, second).ShouldBeProblem(HttpStatusCode.NotFound, "invitations.unknown");

        Assert.Empty(await studio.RolesOf(person));
    }

    [Fact]
    public async Task AnotherStudiosSecretOpensNothingHere()
    {
        var (studio, other) = (await system.GivenStudio(), await system.GivenStudio());
        var forged = $"{studio.Id:N}{(await Link(other))[32..]}";
        await Link(studio);

        await Join(other.Owner, forged).ShouldBeProblem(HttpStatusCode.NotFound, "invitations.unknown");
    }

    [Theory]
    [InlineData("' OR 1=1 --")]
    [InlineData("00000000000000000000000000000000AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("\U0001F3CB")]
    public async Task AMadeUpLinkLeadsNowhere(string token) =>
        await Join(await system.GivenPerson(), token).ShouldBeProblem(HttpStatusCode.NotFound, "invitations.unknown");

    [Fact]
    public async Task AnOverlongLinkIsRefused() =>
        await Join(await system.GivenPerson(), new string('a', 200)).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");

    [Fact]
    public async Task TheSecretIsNotInTheDatabase()
    {
        var studio = await system.GivenStudio();
        var link = await Link(studio);

        Assert.Equal(0, await IdentityDb.Count(
            "SELECT COUNT(*) FROM join_links_rows WHERE tenant_id = @Studio AND INSTR(token_hash, @Secret) > 0", ("Studio", studio.Id), ("Secret", link[32..])));
    }

    [Fact]
    public async Task WhoHasNoRoomForAnotherStudioIsToldSo()
    {
        var studio = await system.GivenStudio();
        var person = await system.GivenPerson();
        foreach (var chunk in Enumerable.Range(0, 50).Chunk(10)) await Task.WhenAll(chunk.Select(_ => person.Post("/studios", StudioStory.NewStudio)));

        await Join(person, await Link(studio)).ShouldBeProblem(HttpStatusCode.Conflict, "members.too_many_studios");
    }

    private static Task<HttpResponseMessage> Join(Person person, string token) => person.Post("/studios/join", new { token });

    private static async Task<string> Link(Studio studio) => (await studio.Post("/join-link").ShouldBeOk()).GetProperty("token").GetString()!;
}
