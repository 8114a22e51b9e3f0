using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace FitFlow.Scheduling.Tests.Classes;

public sealed class TimetableTests(RunningSystem system)
{
    [Fact]
    public async Task ShowsEverybodyWhatTakesPlaceAndWhatTheyHaveInIt()
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainer(), await studio.GivenClassType());
        var first = (await studio.GivenClass(type, trainer, SchedulingStory.At(days: 3, hour: 18), ("capacity", 1))).Id();
        var second = (await studio.GivenClass(type, trainer, SchedulingStory.At(days: 4, hour: 18))).Id();
        var cancelled = (await studio.GivenClass(type, trainer, SchedulingStory.At(days: 5, hour: 18))).Id();
        await studio.Post(studio.Owner, $"/api/v1/classes/{cancelled}/cancel", new { reason = "weather" }).Ok();
        var people = await studio.GivenClients(2);
        await studio.GivenEnrolled(first, people);

        var seen = await Timetable(studio, people[1]);

        Assert.Equal([first, second], seen.Select(it => it.Id()));
        Assert.Equal(("waitlisted", 1, 0, 1), (seen[0].Text("my_status"), seen[0].GetProperty("my_position").GetInt32(), seen[0].GetProperty("seats_left").GetInt32(), seen[0].GetProperty("waiting").GetInt32()));
        Assert.Equal((JsonValueKind.Null, 10, "Ada Byron"), (seen[1].GetProperty("my_status").ValueKind, seen[1].GetProperty("seats_left").GetInt32(), seen[1].Text("trainer_name")));
        Assert.Equal("enrolled", (await Timetable(studio, people[0]))[0].Text("my_status"));
        Assert.Equal([cancelled], (await Timetable(studio, people[0], "status=cancelled")).Select(it => it.Id()));
    }

    [Fact]
    public async Task IsAskedByTimeTrainerAndWhatIsGiven()
    {
        var studio = await system.GivenStudio();
        var trainers = await studio.GivenTrainers(2);
        Guid[] types = [await studio.GivenClassType(), await studio.GivenClassType()];
        var ids = new List<Guid>();
        for (var i = 0; i < 4; i++) ids.Add((await studio.GivenClass(types[i / 2], trainers[i % 2], SchedulingStory.At(days: 3 + i, hour: 18))).Id());

        Assert.Equal([ids[0], ids[2]], await Ids($"trainer_id={trainers[0].Id}"));
        Assert.Equal([ids[2], ids[3]], await Ids($"session_type_id={types[1]}"));
        Assert.Equal([ids[1], ids[2]], await Ids($"from={SchedulingStory.At(4, 0):O}&to={SchedulingStory.At(6, 0):O}"));
        foreach (var wrong in new[] { "limit=201", "status=lost", "from=yesterday", "trainer_id=me" })
            await studio.Get(studio.Owner, $"/api/v1/classes?{wrong}").Refused(HttpStatusCode.BadRequest, "request.invalid");

        async Task<IEnumerable<Guid>> Ids(string query) => (await Timetable(studio, studio.Owner, query.Replace("+", "%2B", StringComparison.Ordinal))).Select(it => it.Id());
    }

    [Fact]
    public async Task IsReadPageByPage()
    {
        var studio = await system.GivenStudio();
        var (trainers, type, at) = (await studio.GivenTrainers(5), await studio.GivenClassType(), SchedulingStory.At(days: 3, hour: 18));
        var ids = new HashSet<Guid>();
        foreach (var trainer in trainers) ids.Add((await studio.GivenClass(type, trainer, at)).Id());

        var (found, cursor) = (new List<Guid>(), "");
        do
        {
            var page = await studio.Get(studio.Owner, $"/api/v1/classes?limit=2{cursor}").Ok();
            found.AddRange(page.GetProperty("data").EnumerateArray().Select(it => it.Id()));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);

        Assert.Equal(5, found.Count);
        Assert.Equal(ids, found.ToHashSet());
        await studio.Get(studio.Owner, "/api/v1/classes?cursor=nonsense").Refused(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task AnotherStudioSeesNothing()
    {
        var (studio, other) = (await system.GivenStudio(), await system.GivenStudio());
        var (it, _, _) = await studio.GivenYoga(capacity: 1);

        Assert.Empty(await Timetable(other, other.Owner));
        await other.Get(other.Owner, $"/api/v1/classes/{it}").Refused(HttpStatusCode.NotFound, "classes.unknown");
        await studio.Get(other.Owner, $"/api/v1/classes/{it}").Refused(HttpStatusCode.Forbidden, "studios.not_a_member");
    }

    [Fact]
    public async Task AServiceSeesAClassAndHasNothingInIt()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 1);
        using var identity = new HttpClient { BaseAddress = system.Service("identity") };
        var token = (await identity.PostAsJsonAsync(
            "/api/v1/auth/service-token", new { client_id = RunningSystem.AdmittedService, client_secret = system.ServiceCredentials.Secret })).Read();
        using var scheduling = new HttpClient { BaseAddress = system.Service("scheduling") };
        scheduling.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await token).Text("access_token"));
        scheduling.DefaultRequestHeaders.Add("X-Studio-Id", studio.Id.ToString());

        var seen = await scheduling.GetFromJsonAsync<JsonElement>($"/api/v1/classes/{it}");

        Assert.Equal((it, JsonValueKind.Null), (seen.Id(), seen.GetProperty("my_status").ValueKind));
        (await scheduling.GetAsync("/api/v1/classes")).ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task<IReadOnlyList<JsonElement>> Timetable(Studio studio, Person who, string query = "") =>
        [.. (await studio.Get(who, $"/api/v1/classes?{query}").Ok()).GetProperty("data").EnumerateArray()];
}
