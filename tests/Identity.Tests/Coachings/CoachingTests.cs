using System.Net;
using System.Text.Json;
using FitFlow.Identity.Tests.Studios;

namespace FitFlow.Identity.Tests.Coachings;

public sealed class CoachingTests(RunningSystem system)
{
    [Fact]
    public async Task TrainersSeeTheirOwnClientsAndOwnersAll()
    {
        var studio = await system.GivenStudio();
        var (one, two) = (await studio.GivenMember("trainer"), await studio.GivenMember("trainer"));
        var (ann, bob, cid) = (await studio.GivenMember("client"), await studio.GivenMember("client"), await studio.GivenMember("client"));
        await studio.Assign(one, ann);
        await studio.Assign(one, ann);
        await studio.Assign(one, bob);
        await studio.Assign(two, bob);

        Assert.Equal(Set(ann, bob), Ids(await studio.All("/clients", one, limit: 1)));
        Assert.Equal(Set(bob), Ids(await studio.All("/clients", two)));
        Assert.Equal(Set(ann, bob, cid), Ids(await studio.All("/clients")));
        Assert.Equal(Set(bob), Ids(await studio.All($"/clients?trainer_id={two.Id}")));
        await studio.Get($"/clients?trainer_id={two.Id}", one).ShouldBeProblem(HttpStatusCode.Forbidden, "coachings.not_yours");
        await studio.Get("/clients", ann).ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");

        var bobs = (await studio.All("/clients", two)).Single().GetProperty("trainer_ids").EnumerateArray().Select(id => id.GetGuid());
        Assert.Equal(new HashSet<Guid> { one.Id, two.Id }, [.. bobs]);
    }

    [Fact]
    public async Task ATrainerWhoIsTakenAwaySeesTheClientNoMore()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenMember("trainer"), await studio.GivenMember("client"));
        await studio.Assign(trainer, client);
        var path = $"/members/{client.Id}/trainers/{trainer.Id}";

        (await studio.Delete(path)).ShouldBe(HttpStatusCode.NoContent);

        Assert.Empty(await studio.All("/clients", trainer));
        await studio.Delete(path).ShouldBeProblem(HttpStatusCode.NotFound, "coaching.unknown");
    }

    [Fact]
    public async Task OnlyATrainerCoachesAndOnlyAClientIsCoached()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, both) = (await studio.GivenMember("trainer"), await studio.GivenMember("client"), await studio.GivenMember("trainer", "client"));
        var stranger = await system.GivenPerson();

        await studio.Put($"/members/{client.Id}/trainers/{client.Id}").ShouldBeProblem(HttpStatusCode.Conflict, "coaching.not_a_trainer");
        await studio.Put($"/members/{trainer.Id}/trainers/{trainer.Id}").ShouldBeProblem(HttpStatusCode.Conflict, "coaching.not_a_client");
        await studio.Put($"/members/{both.Id}/trainers/{both.Id}").ShouldBeProblem(HttpStatusCode.Conflict, "coaching.oneself");
        await studio.Put($"/members/{stranger.Id}/trainers/{trainer.Id}").ShouldBeProblem(HttpStatusCode.NotFound, "members.unknown");
        await studio.Put($"/members/{client.Id}/trainers/{stranger.Id}").ShouldBeProblem(HttpStatusCode.NotFound, "members.unknown");
    }

    [Fact]
    public async Task WhoLeavesOrIsNoTrainerAnyMoreCoachesNobody()
    {
        var studio = await system.GivenStudio();
        var (one, two, client, leaver) = (await studio.GivenMember("trainer"), await studio.GivenMember("trainer"), await studio.GivenMember("client"), await studio.GivenMember("client"));
        foreach (var trainer in new[] { one, two })
        {
            await studio.Assign(trainer, client);
            await studio.Assign(trainer, leaver);
        }

        await studio.SetRoles(one, "client");
        (await studio.Delete($"/members/{leaver.Id}", leaver)).ShouldBe(HttpStatusCode.NoContent);

        var left = await IdentityDb.Read<string>(
            "SELECT CONCAT(HEX(trainer_id), HEX(client_id)) FROM coachings_rows WHERE tenant_id = @Studio", ("Studio", studio.Id));
        Assert.Equal([$"{two.Id:N}{client.Id:N}"], left.Select(pair => pair.ToLowerInvariant()));
        await studio.Join(await leaver.Renewed());
        Assert.Equal(Set(client), Ids(await studio.All("/clients", two)));
    }

    [Fact]
    public async Task WhoCoachesWhomIsToldOnceWheneverItChanges()
    {
        var studio = await system.GivenStudio();
        var (trainer, other, client) = (await studio.GivenMember("trainer"), await studio.GivenMember("trainer"), await studio.GivenMember("client"));

        await studio.Assign(trainer, client);
        await studio.Assign(trainer, client);
        (await studio.Delete($"/members/{client.Id}/trainers/{trainer.Id}")).ShouldBe(HttpStatusCode.NoContent);
        await studio.Delete($"/members/{client.Id}/trainers/{trainer.Id}").ShouldBeProblem(HttpStatusCode.NotFound, "coaching.unknown");
        await studio.Assign(trainer, client);
        await studio.Assign(other, client);
        await studio.SetRoles(trainer, "client");
        (await studio.Delete($"/members/{client.Id}", client)).ShouldBe(HttpStatusCode.NoContent);

        Assert.Equal(
            [(trainer.Id, true), (trainer.Id, false), (trainer.Id, true), (other.Id, true), (trainer.Id, false), (other.Id, false)],
            await Told(studio, client));
    }

    [Fact]
    public async Task WhoIsErasedIsCoachedByNobody()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenMember("trainer"), await studio.GivenMember("client"));
        await studio.Assign(trainer, client);

        (await client.Post("/users/me/erase", new { client.Password })).ShouldBe(HttpStatusCode.OK);

        Assert.Equal([(trainer.Id, true), (trainer.Id, false)], await Told(studio, client));
    }

    private static async Task<IEnumerable<(Guid Trainer, bool IsAssigned)>> Told(Studio studio, Person client) =>
        from change in await studio.Events("coaching.changed")
        where change.GetProperty("client_id").GetGuid() == client.Id && change.GetProperty("studio_id").GetGuid() == studio.Id
        select (change.GetProperty("trainer_id").GetGuid(), change.GetProperty("is_assigned").GetBoolean());

    private static HashSet<Guid> Set(params Person[] people) => [.. people.Select(person => person.Id)];

    private static HashSet<Guid> Ids(IEnumerable<JsonElement> clients) => [.. clients.Select(client => client.GetProperty("user_id").GetGuid())];
}
