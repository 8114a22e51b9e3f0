using System.Net;
using System.Text.Json;

namespace FitFlow.Identity.Tests.Users;

/// Who may know what of whom, cell by cell.
public sealed class GetUserTests(RunningSystem system)
{
    public enum Seen
    {
        Nothing,
        Face,
        Contact,
    }

    [Fact]
    public async Task EachSeesWhatTheirTieToTheOtherAllows()
    {
        var studio = await system.GivenStudio();
        var elsewhere = await system.GivenStudio();
        var admin = await system.GivenPerson("admin");
        var coach = await studio.GivenMember("trainer");
        var colleague = await studio.GivenMember("trainer");
        var client = await studio.GivenMember("client");
        var other = await studio.GivenMember("client");
        var stranger = await system.GivenPerson();
        await studio.Coaches(coach, client);

        // Somebody who coached here and is only a client now is no coach any more.
        var former = await studio.GivenMember("client");
        await studio.Coaches(former, client);

        foreach (var (who, whom, seen) in new[]
        {
            (client, client, Seen.Contact), (admin, client, Seen.Contact), (studio.Owner, client, Seen.Contact), (coach, client, Seen.Contact),
            (studio.Owner, coach, Seen.Contact), (client, coach, Seen.Face), (other, coach, Seen.Face), (colleague, coach, Seen.Face),
            (client, studio.Owner, Seen.Face), (coach, studio.Owner, Seen.Face),
            (colleague, client, Seen.Nothing), (other, client, Seen.Nothing), (former, client, Seen.Nothing), (coach, other, Seen.Nothing),
            (stranger, client, Seen.Nothing), (stranger, coach, Seen.Nothing), (client, stranger, Seen.Nothing), (client, admin, Seen.Nothing),
            (elsewhere.Owner, client, Seen.Nothing), (elsewhere.Owner, coach, Seen.Nothing), (studio.Owner, elsewhere.Owner, Seen.Nothing),
        })
        {
            var answer = await who.Get($"/users/{whom.Id}");
            var what = $"{who.Email} of {whom.Email}: {await answer.Content.ReadAsStringAsync()}";
            if (seen == Seen.Nothing)
            {
                await answer.ShouldBeProblem(HttpStatusCode.NotFound, "users.unknown");
                continue;
            }

            answer.ShouldBe(HttpStatusCode.OK);
            var person = await answer.Read();
            person.GetProperty("name").GetString().ShouldBe("Ada Byron");
            Assert.True((seen == Seen.Contact) == person.TryGetProperty("email", out _), what);
            Assert.True((seen == Seen.Contact) == person.TryGetProperty("role", out _), what);
            if (seen == Seen.Face) Assert.False(person.TryGetProperty("phone", out _), what);
        }
    }

    [Fact]
    public async Task ATrainersFaceIsWhatTheyWrote()
    {
        var studio = await system.GivenStudio();
        var tom = await studio.GivenMember("trainer");
        var ada = await studio.GivenMember("client");
        (await tom.Put("/users/me/trainer-profile", new { certifications = new[] { "CPT" }, specializations = Array.Empty<string>(), bio = "Hello" })).ShouldBe(HttpStatusCode.OK);

        var face = (await (await ada.Get($"/users/{tom.Id}")).Read()).GetProperty("trainer_profile");

        face.GetProperty("bio").GetString().ShouldBe("Hello");
        face.GetProperty("certifications")[0].GetString().ShouldBe("CPT");
    }

    [Fact]
    public async Task ManyAreAnsweredInTheOrderAskedForAndStrangersAreUnknown()
    {
        var studio = await system.GivenStudio();
        var people = new List<Guid>();
        for (var i = 0; i < 3; i++) people.Add((await studio.GivenMember("client")).Id);
        var stranger = await system.GivenPerson();
        var nobody = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
        Guid[] wanted = [people[2], stranger.Id, people[0], nobody, people[1], people[2]];

        var answer = await (await studio.Owner.Post("/users/batch", new { user_ids = wanted })).Read();

        answer.GetProperty("data").EnumerateArray().Select(user => user.GetProperty("id").GetGuid()).ToArray().ShouldBe([people[2], people[0], people[1]]);
        answer.GetProperty("unknown").EnumerateArray().Select(id => id.GetGuid()).ToArray().ShouldBe([stranger.Id, nobody]);
        Assert.True(answer.GetProperty("data")[0].TryGetProperty("email", out _));

        var asClient = await (await stranger.Post("/users/batch", new { user_ids = wanted })).Read();
        asClient.GetProperty("data").EnumerateArray().Select(user => user.GetProperty("id").GetGuid()).ToArray().ShouldBe([stranger.Id]);
    }

    [Fact]
    public async Task NobodyAsksForMoreThanTwoHundred()
    {
        var ada = await system.GivenPerson();

        (await ada.Post("/users/batch", new { user_ids = Enumerable.Repeat(ada.Id, 200) })).ShouldBe(HttpStatusCode.OK);
        await (await ada.Post("/users/batch", new { user_ids = Enumerable.Repeat(ada.Id, 201) })).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
        await (await ada.Post("/users/batch", new { user_ids = (Guid[]?)null })).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task AnOwnerListsTheMembersOfTheirStudiosAndNobodyElse()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenMember("trainer");
        var client = await studio.GivenMember("client");
        var elsewhere = await system.GivenStudio();
        var foreigner = await elsewhere.GivenMember("client");

        // To be in another's studio is not to own it.
        var owner = await elsewhere.Take(studio.Owner, "client");

        Ids(await (await owner.Get("/users")).Read()).ShouldBe([client.Id, trainer.Id, owner.Id]);
        Ids(await (await owner.Get("/users?role=trainer")).Read()).ShouldBe([trainer.Id]);
        Ids(await (await owner.Get($"/users?search={foreigner.Email[..8]}")).Read()).ShouldBe([]);

        var seen = new List<Guid>();
        for (string? cursor = "", next = null; cursor is not null; cursor = next)
        {
            var page = await (await owner.Get($"/users?limit=1{(cursor.Length == 0 ? "" : $"&cursor={cursor}")}")).Read();
            seen.AddRange(Ids(page));
            next = page.GetProperty("next_cursor").GetString();
        }

        seen.ShouldBe([client.Id, trainer.Id, owner.Id]);
    }

    private static List<Guid> Ids(JsonElement page) => [.. page.GetProperty("data").EnumerateArray().Select(user => user.GetProperty("id").GetGuid())];
}
