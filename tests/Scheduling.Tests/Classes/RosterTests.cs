using System.Net;
using System.Text.Json;

namespace FitFlow.Scheduling.Tests.Classes;

public sealed class RosterTests(RunningSystem system)
{
    [Fact]
    public async Task SaysWhoComesWhoCameAndWhoWaits()
    {
        var studio = await system.GivenStudio();
        var (it, trainer, _) = await studio.GivenYoga(capacity: 3);
        var people = await studio.GivenClients(5);
        await studio.GivenEnrolled(it, people);
        await system.Begins(it, TimeSpan.FromMinutes(-1));
        await CheckIn(studio, it, people[0], true, trainer).Ok();
        await CheckIn(studio, it, people[1], false, studio.Owner).Ok();

        var roster = await studio.Get(trainer, $"/api/v1/classes/{it}/roster").Ok();

        var counts = roster.GetProperty("counts");
        Assert.Equal((3, 1, 1, 1, 0, 2), (
            roster.GetProperty("capacity").GetInt32(), Of("enrolled"), Of("attended"), Of("no_show"), Of("offered"), Of("waitlisted")));
        var entries = roster.GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(people.Select(person => person.Id), entries.Select(entry => entry.Id("client_id")));
        Assert.Equal(["attended", "no_show", "enrolled", "waitlisted", "waitlisted"], entries.Select(entry => entry.Text("status")));
        Assert.All(entries, entry => Assert.Equal("Ada Byron", entry.Text("client_name")));
        Assert.Equal([1, 2], entries.Skip(3).Select(entry => entry.GetProperty("position").GetInt32()));

        int Of(string name) => counts.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task WhatIsNotedCanBeTakenBack()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 1);
        var client = await studio.GivenClient();
        await studio.GivenEnrolled(it, client);
        await system.Begins(it, TimeSpan.FromMinutes(59));

        foreach (var (attended, status) in new (bool?, string)[] { (true, "attended"), (null, "enrolled"), (true, "attended") })
            Assert.Equal(status, (await CheckIn(studio, it, client, attended, studio.Owner).Ok()).Text("status"));
        await studio.Leave(it, client).Refused(HttpStatusCode.Conflict, "classes.checked_in");
    }

    [Fact]
    public async Task IsNotedFromAnHourBeforeToADayAfter()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 1);
        var client = await studio.GivenClient();
        await studio.GivenEnrolled(it, client);

        await system.Begins(it, TimeSpan.FromMinutes(62));
        await CheckIn(studio, it, client, true, studio.Owner).Refused(HttpStatusCode.Conflict, "classes.check_in_shut");
        await system.Begins(it, TimeSpan.FromMinutes(59));
        await CheckIn(studio, it, client, false, studio.Owner).Refused(HttpStatusCode.Conflict, "classes.not_begun");
        await system.Begins(it, -TimeSpan.FromHours(25) + TimeSpan.FromMinutes(1));
        await CheckIn(studio, it, client, true, studio.Owner).Ok();
        await system.Begins(it, -TimeSpan.FromHours(25) - TimeSpan.FromMinutes(1));
        await CheckIn(studio, it, client, true, studio.Owner).Refused(HttpStatusCode.Conflict, "classes.check_in_shut");
    }

    [Fact]
    public async Task OnlyForThoseWhoGiveItOrRunTheStudioAndOfThoseWhoHaveASeat()
    {
        var studio = await system.GivenStudio();
        var (it, trainer, _) = await studio.GivenYoga(capacity: 1);
        var people = await studio.GivenClients(3);
        await studio.GivenEnrolled(it, people[0], people[1]);
        await system.Begins(it, TimeSpan.FromMinutes(-1));
        var (other, elsewhere) = (await studio.GivenTrainer(), await system.GivenStudio());

        foreach (var (who, code) in new[] { (people[0], "auth.forbidden"), (other, "classes.not_yours") })
        {
            await studio.Get(who, $"/api/v1/classes/{it}/roster").Refused(HttpStatusCode.Forbidden, code);
            await CheckIn(studio, it, people[0], true, who).Refused(HttpStatusCode.Forbidden, code);
        }

        await elsewhere.Get(elsewhere.Owner, $"/api/v1/classes/{it}/roster").Refused(HttpStatusCode.NotFound, "classes.unknown");
        await CheckIn(elsewhere, it, people[0], true, elsewhere.Owner).Refused(HttpStatusCode.NotFound, "classes.unknown");
        await CheckIn(studio, it, people[1], true, trainer).Refused(HttpStatusCode.NotFound, "classes.not_enrolled");
        await CheckIn(studio, it, people[2], true, trainer).Refused(HttpStatusCode.NotFound, "classes.not_enrolled");
    }

    private static Task<HttpResponseMessage> CheckIn(Studio studio, Guid it, Person client, bool? attended, Person by) =>
        studio.Post(by, $"/api/v1/classes/{it}/check-in", new { client_id = client.Id, attended });
}
