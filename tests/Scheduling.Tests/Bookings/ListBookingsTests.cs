using System.Net;
using System.Text.Json;

namespace FitFlow.Scheduling.Tests.Bookings;

public sealed class ListBookingsTests(RunningSystem system)
{
    [Fact]
    public async Task EverybodySeesWhatIsTheirs()
    {
        var (studio, other) = (await system.GivenStudio(), await system.GivenStudio());
        var trainers = await studio.GivenTrainersAtWork(2);
        var clients = await studio.GivenClients(2);
        var type = await studio.GivenSessionType();
        var ids = new Guid[4];
        for (var i = 0; i < 4; i++) ids[i] = (await studio.GivenBooking(type, trainers[i / 2], clients[i % 2], SchedulingStory.At(days: 2 + i, hour: 10))).Id();

        Assert.Equal(ids, await List(studio, studio.Owner));
        Assert.Equal([ids[0], ids[1]], await List(studio, trainers[0]));
        Assert.Equal([ids[0], ids[2]], await List(studio, clients[0]));
        Assert.Equal([ids[2]], await List(studio, clients[0], $"?trainer_id={trainers[1].Id}&client_id={clients[0].Id}"));
        Assert.Equal([ids[1], ids[3]], await List(studio, studio.Owner, $"?client_id={clients[1].Id}"));
        Assert.Empty(await List(other, other.Owner, $"?client_id={clients[1].Id}"));
        await studio.Get(clients[0], $"/api/v1/bookings?client_id={clients[1].Id}").Refused(HttpStatusCode.Forbidden, "bookings.not_yours");
        await studio.Get(trainers[0], $"/api/v1/bookings?client_id={clients[1].Id}").Refused(HttpStatusCode.Forbidden, "bookings.not_yours");
        await studio.Get(trainers[0], $"/api/v1/bookings?trainer_id={trainers[1].Id}").Refused(HttpStatusCode.Forbidden, "bookings.not_yours");
    }

    [Fact]
    public async Task PagesFollowEachOtherInTheOrderOfTime()
    {
        var studio = await system.GivenStudio();
        var trainers = await studio.GivenTrainersAtWork(3);
        var type = await studio.GivenSessionType();
        var ids = new List<Guid>();
        // Three at the same hour of two days: the order among them is by id.
        for (var day = 2; day < 4; day++)
        {
            foreach (var trainer in trainers) ids.Add((await studio.GivenBooking(type, trainer, await studio.GivenClient(), SchedulingStory.At(day, hour: 10))).Id());
        }

        var (found, next) = (new List<Guid>(), "");
        do
        {
            var page = await studio.Get(studio.Owner, $"/api/v1/bookings?limit=2{next}").Ok();
            found.AddRange(page.GetProperty("data").EnumerateArray().Select(booking => booking.Id()));
            next = page.GetProperty("next_cursor").GetString() is { } cursor ? $"&cursor={cursor}" : null;
        }
        while (next is not null);

        Assert.Equal(ids, found);
        var first = await studio.Get(studio.Owner, "/api/v1/bookings?limit=2").Ok();
        await studio.Get(studio.Owner, $"/api/v1/bookings?limit=2&status=cancelled&cursor={first.Text("next_cursor")}").Refused(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task OfATimeAStateOrToday()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var today = (await studio.GivenBooking(type, trainer, client, SchedulingStory.At(days: 0, hour: 0))).Id();
        var tomorrow = (await studio.GivenBooking(type, trainer, client, SchedulingStory.At(days: 1, hour: 0))).Id();
        await studio.Post(trainer, $"/api/v1/bookings/{tomorrow}/cancel", new { reason = "weather" }).Ok();

        Assert.Equal([today], await List(studio, trainer, "?date=today"));
        Assert.Equal([tomorrow], await List(studio, trainer, "?status=cancelled"));
        var (from, to) = (SchedulingStory.At(days: 0, hour: 0), SchedulingStory.At(days: 1, hour: 0));
        Assert.Equal([today], await List(studio, trainer, $"?from={from:yyyy-MM-ddTHH:mm:ssZ}&to={to:yyyy-MM-ddTHH:mm:ssZ}"));
        await studio.Get(trainer, "/api/v1/bookings?date=yesterday").Refused(HttpStatusCode.BadRequest, "request.invalid");
        await studio.Get(trainer, "/api/v1/bookings?status=lost").Refused(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task OnesOwnOfAllStudios()
    {
        var (here, there) = (await system.GivenStudio(), await system.GivenStudio());
        var client = await there.Admit(await here.GivenClient(), FitFlow.ServiceDefaults.Role.Client);
        var second = (await there.GivenBooking(await there.GivenSessionType(), await there.GivenTrainerAtWork(), client, SchedulingStory.At(days: 3, hour: 10))).Id();
        var first = (await here.GivenBooking(await here.GivenSessionType(), await here.GivenTrainerAtWork(), client, SchedulingStory.At(days: 2, hour: 10))).Id();

        using var http = client.Http();
        var mine = (await http.GetAsync("/api/v1/me/bookings").Ok()).GetProperty("data");

        Assert.Equal([first, second], mine.EnumerateArray().Select(booking => booking.Id()));
        Assert.Equal([here.Id, there.Id], mine.EnumerateArray().Select(booking => booking.Id("studio_id")));
        Assert.Equal("Ada Byron", mine[0].Text("trainer_name"));
    }

    private static async Task<IEnumerable<Guid>> List(Studio studio, Person by, string query = "") =>
        [.. (await studio.Get(by, $"/api/v1/bookings{query}").Ok()).GetProperty("data").EnumerateArray().Select(booking => booking.Id())];
}
