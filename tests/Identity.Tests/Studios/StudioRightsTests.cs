using System.Net;

namespace FitFlow.Identity.Tests.Studios;

public sealed class StudioRightsTests(RunningSystem system)
{
    private static readonly Guid Somebody = Guid.Parse("0190a5d8-ac96-774b-bcce-b302099a8058");

    /// What only those who run the studio may do.
    private static readonly (string Method, string Path, object? Body)[] OwnersOnly =
    [
        ("PUT", "", EditStudioTests.Edited(1)),
        ("GET", "/members", null),
        ("PUT", $"/members/{Somebody}", new { roles = new[] { "client" } }),
        ("POST", "/join-link", null),
        ("DELETE", "/join-link", null),
        ("PUT", $"/members/{Somebody}/trainers/{Somebody}", null),
        ("DELETE", $"/members/{Somebody}/trainers/{Somebody}", null),
    ];

    /// What is for members.
    private static readonly (string Method, string Path, object? Body)[] MembersOnly =
        [.. OwnersOnly, ("GET", "/invitations", null), ("POST", "/invitations", new { email = "ada@example.org", roles = new[] { "client" } }),
            ("DELETE", $"/invitations/{Somebody}", null), ("GET", "", null), ("GET", "/clients", null), ("DELETE", $"/members/{Somebody}", null)];

    [Fact]
    public async Task TrainersAndClientsChangeNothing()
    {
        var studio = await system.GivenStudio();
        foreach (var member in new[] { await studio.GivenMember("trainer"), await studio.GivenMember("client") })
        {
            foreach (var (method, path, body) in OwnersOnly)
            {
                await studio.Send(new HttpMethod(method), path, body, member).ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");
            }
        }
    }

    [Fact]
    public async Task WhoDoesNotBelongToAStudioSeesAndChangesNothingOfIt()
    {
        var studio = await system.GivenStudio();
        var other = await system.GivenStudio();
        foreach (var outsider in new[] { other.Owner, await system.GivenPerson() })
        {
            foreach (var (method, path, body) in MembersOnly)
            {
                await studio.Send(new HttpMethod(method), path, body, outsider).ShouldBeProblem(HttpStatusCode.Forbidden, "studios.not_a_member");
            }
        }
    }

    [Fact]
    public async Task NamingTheOwnStudioDoesNotOpenAnother()
    {
        var studio = await system.GivenStudio();
        var other = await system.GivenStudio();
        foreach (var (method, path, body) in MembersOnly)
        {
            var answer = await studio.Owner.Send(new HttpMethod(method), $"/studios/{other.Id}{path}", body, studio.Id);
            await answer.ShouldBeProblem(HttpStatusCode.BadRequest, "studios.header_invalid");
        }
    }

    [Fact]
    public async Task AnotherStudiosPeopleAreUnknownHere()
    {
        var studio = await system.GivenStudio();
        var other = await system.GivenStudio();
        var (theirTrainer, theirClient) = (await other.GivenMember("trainer"), await other.GivenMember("client"));
        await other.Assign(theirTrainer, theirClient);

        await studio.Put($"/members/{theirClient.Id}", new { roles = new[] { "trainer" } }).ShouldBeProblem(HttpStatusCode.NotFound, "members.unknown");
        await studio.Delete($"/members/{theirClient.Id}").ShouldBeProblem(HttpStatusCode.NotFound, "members.unknown");
        await studio.Put($"/members/{theirClient.Id}/trainers/{theirTrainer.Id}").ShouldBeProblem(HttpStatusCode.NotFound, "members.unknown");
        var theirs = (await other.Post("/invitations", new { email = Story.NewEmail(), roles = new[] { "client" } }).ShouldBe(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await studio.Delete($"/invitations/{theirs}").ShouldBeProblem(HttpStatusCode.NotFound, "invitations.unknown");
        Assert.Empty(await studio.All("/invitations"));
        Assert.Single(await other.All("/invitations"));
        await studio.Delete($"/members/{theirClient.Id}/trainers/{theirTrainer.Id}").ShouldBeProblem(HttpStatusCode.NotFound, "coaching.unknown");
        Assert.Single(await studio.All("/members"));
        Assert.Empty(await studio.All("/clients"));
        Assert.Empty(await studio.All($"/clients?trainer_id={theirTrainer.Id}"));
        Assert.Equal(["client"], await other.RolesOf(theirClient));
    }

    [Fact]
    public async Task WhoIsNotSignedInIsAskedTo()
    {
        var studio = await system.GivenStudio();
        using var http = studio.Http(studio.Owner with { Token = "" });
        http.DefaultRequestHeaders.Authorization = null;
        foreach (var (method, path, _) in MembersOnly)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), studio.Path(path));
            (await http.SendAsync(request)).ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task AnAdminOfThePlatformRunsEveryStudio()
    {
        var studio = await system.GivenStudio();
        var client = await studio.GivenMember("client");
        var admin = await system.GivenPerson("admin");

        await studio.Put("", EditStudioTests.Edited(1), admin).ShouldBeOk();
        await studio.Put($"/members/{client.Id}", new { roles = new[] { "trainer" } }, admin).ShouldBeOk();
        Assert.Equal(2, (await studio.All("/members", admin)).Count);
    }

    [Fact]
    public async Task AnOwnerWhoIsOneNoLongerRunsNothingWhateverTheirTokenSays()
    {
        var studio = await system.GivenStudio();
        var second = await studio.GivenMember("gym_owner");
        await IdentityDb.Write(
            "UPDATE memberships_rows SET roles = 'client' WHERE tenant_id = @Studio AND owner_id = @Person", ("Studio", studio.Id), ("Person", second.Id));

        foreach (var (method, path, body) in OwnersOnly.Where(route => route.Method != "GET"))
        {
            await studio.Send(new HttpMethod(method), path, body, second).ShouldBeProblem(HttpStatusCode.Forbidden, "members.not_an_owner");
        }
    }
}
