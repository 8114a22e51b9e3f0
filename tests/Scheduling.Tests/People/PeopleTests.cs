using System.Net;
using System.Net.Http.Json;
using FitFlow.Scheduling.Features.People;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FitFlow.Scheduling.Tests.People;

/// What Scheduling knows of people, as in its own process: the same Redis and the same name, with an Identity that can be taken away. What it
/// hears, the running Scheduling hears.
public sealed class PeopleTests(RunningSystem system) : IAsyncLifetime
{
    private CuttableProxy _identity = null!;
    private WebApplication _app = null!;

    private Features.People.People People => _app.Services.GetRequiredService<Features.People.People>();

    public async ValueTask InitializeAsync()
    {
        _identity = CuttableProxy.To("127.0.0.1", system.Service("identity").Port);
        _app = await PlayedScheduling.Start(system, builder =>
        {
            builder.Configure(("services:identity:http:0", $"http://{_identity.Address}"));
            builder.AddPeople();
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _identity.DisposeAsync();
    }

    [Fact]
    public async Task WhoSomebodyIsInAStudioIsWhatIdentitySays()
    {
        var (studio, other) = (await system.GivenStudio(), await system.GivenStudio());
        var (trainer, client) = (await studio.GivenTrainer(), await studio.GivenClient());
        await studio.Assign(trainer, client);
        var nobody = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

        var found = await Find(studio, trainer.Id, client.Id, nobody, client.Id);

        Assert.Equal([trainer.Id, client.Id], found.Keys);
        Assert.True(found[trainer.Id].Is(Role.Trainer) && !found[trainer.Id].Is(Role.Client));
        Assert.Equal(("Ada Byron", true), (found[client.Id].Name, found[client.Id].IsActive));
        Assert.Equal([trainer.Id], found[client.Id].TrainerIds);
        Assert.Empty((await Find(other, client.Id))[client.Id].Roles);
    }

    [Fact]
    public async Task NamesOfWhomIsUnknownAreNull()
    {
        var studio = await system.GivenStudio();
        var nobody = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

        var names = await Names(studio, studio.Owner.Id, nobody, nobody);

        Assert.Equal([(studio.Owner.Id, "Ada Byron"), (nobody, null)], names.Select(name => (name.Key, name.Value)));
    }

    [Fact]
    public async Task AThousandAreFoundAtOnce()
    {
        var studio = await system.GivenStudio();
        var clients = await studio.GivenClients(1_000);

        var found = await Find(studio, [.. clients.Select(client => client.Id)]);

        Assert.Equal(1_000, found.Values.Count(member => member.Is(Role.Client)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WithoutIdentityWhatIsKnownStaysKnownAndTheRestIsNotGuessed(bool hangs)
    {
        var studio = await system.GivenStudio();
        var (known, unknown) = (await studio.GivenClient(), await studio.GivenClient());
        await Find(studio, known.Id);
        if (hangs) _identity.Silence();
        else _identity.Cut();

        Assert.True((await Find(studio, known.Id))[known.Id].Is(Role.Client));
        Assert.Equal([(known.Id, "Ada Byron"), (unknown.Id, null)], (await Names(studio, known.Id, unknown.Id)).Select(name => (name.Key, name.Value)));
        if (!hangs) Assert.Equal("identity", (await Assert.ThrowsAsync<DependencyDownException>(() => Find(studio, known.Id, unknown.Id))).Dependency);

        // What could not be asked is not taken for nobody.
        _identity.Restore();
        await Eventually.Holds(async () => (await Names(studio, unknown.Id))[unknown.Id] == "Ada Byron", "the name is there again");
    }

    [Fact]
    public async Task WhatTheyAreInAStudioIsForgottenWhenItChanges()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainer(), await studio.GivenClient());
        Assert.Empty((await Find(studio, client.Id))[client.Id].TrainerIds);

        await studio.Assign(trainer, client);
        await Eventually.Holds(async () => (await Find(studio, client.Id))[client.Id].TrainerIds.SequenceEqual([trainer.Id]), "the trainer is known");

        await studio.SetRoles(client, "trainer");
        await Eventually.Holds(async () => (await Find(studio, client.Id))[client.Id] is { Roles: [Role.Trainer], TrainerIds: [] }, "the role is known");
    }

    [Fact]
    public async Task WhoTheyAreIsForgottenInEveryStudioWhenItChanges()
    {
        var (studio, other) = (await system.GivenStudio(), await system.GivenStudio());
        var person = await other.Admit(await studio.GivenMember("client"), Role.Client);
        foreach (var here in new[] { studio, other }) await Find(here, person.Id);

        using var http = person.Http();
        (await http.PutAsJsonAsync("/api/v1/users/me", new { first_name = "Grace", last_name = "Hopper", language = "en" })).ShouldBe(HttpStatusCode.OK);
        await InBoth(member => member?.Name == "Grace Hopper");

        using var admin = (await system.GivenAdmin()).Http();
        (await admin.PostAsync($"/api/v1/users/{person.Id}/deactivate", content: null)).ShouldBe(HttpStatusCode.NoContent);
        await InBoth(member => member?.IsActive == false);
        (await admin.PostAsync($"/api/v1/users/{person.Id}/reactivate", content: null)).ShouldBe(HttpStatusCode.NoContent);
        await InBoth(member => member?.IsActive == true);

        var scheduling = system.Database("schedulingdb");
        await scheduling.Write(
            """
            INSERT INTO idempotency_keys (person_id, route, request_key, request_hash, status, body, created_at)
            VALUES (@Person, 'POST /somewhere', 'key', REPEAT('h', 32), 201, '{}', UTC_TIMESTAMP(6))
            """, ("Person", person.Id));
        using var back = (await person.SignedAnew()).Http();
        (await back.PostAsJsonAsync("/api/v1/users/me/erase", new { password = person.Password })).ShouldBe(HttpStatusCode.OK);
        await InBoth(member => member is null);
        await Eventually.Holds(async () => await scheduling.Count("SELECT COUNT(*) FROM idempotency_keys WHERE person_id = @Person", ("Person", person.Id)) == 0, "no answer to them is kept");

        async Task InBoth(Func<Member?, bool> holds)
        {
            foreach (var here in new[] { studio, other })
                await Eventually.Holds(async () => holds((await Find(here, person.Id)).GetValueOrDefault(person.Id)), "the change is known");
        }
    }

    private Task<IReadOnlyDictionary<Guid, Member>> Find(Studio studio, params Guid[] ids) => People.Find(studio.Id, ids, default);

    private Task<IReadOnlyDictionary<Guid, string?>> Names(Studio studio, params Guid[] ids) => People.Names(studio.Id, ids, default);
}
