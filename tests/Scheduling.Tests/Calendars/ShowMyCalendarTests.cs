using System.Net;
using System.Text.Json;
using FitFlow.Scheduling.Tests.Classes;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Tests.Calendars;

public sealed class ShowMyCalendarTests(RunningSystem system)
{
    [Fact]
    public async Task OnesOwnOfAllStudiosAsClientAndAsTrainer()
    {
        var (here, there) = (await system.GivenStudio(), await system.GivenStudio());
        var person = await there.Admit(await here.GivenTrainerAtWork(), Role.Client);
        var (client, coach) = (await here.GivenClient(), await there.GivenTrainerAtWork());
        var given = (await here.GivenBooking(await here.GivenSessionType(), person, client, SchedulingStory.At(days: 2, hour: 10))).Id();
        var taken = (await there.GivenBooking(await there.GivenSessionType(), coach, person, SchedulingStory.At(days: 3, hour: 10))).Id();
        var lesson = (await here.GivenClass(await here.GivenClassType(), person, SchedulingStory.At(days: 4, hour: 10))).Id();
        var joined = (await there.GivenClass(await there.GivenClassType(), coach, SchedulingStory.At(days: 5, hour: 10))).Id();
        await there.GivenEnrolled(joined, person);
        var cancelled = (await here.GivenBooking(await here.GivenSessionType(), person, client, SchedulingStory.At(days: 2, hour: 14))).Id();
        await here.Post(person, $"/api/v1/bookings/{cancelled}/cancel", new { reason = "weather" }).Ok();

        var entries = (await Mine(person)).GetProperty("entries").EnumerateArray().ToList();

        Assert.Equal([given, taken, lesson, joined], entries.Select(entry => entry.Id()));
        Assert.Equal([("trainer", "booking"), ("client", "booking"), ("trainer", "class"), ("client", "class")], entries.Select(entry => (entry.Text("as"), entry.Text("kind"))));
        Assert.Equal([here.Id, there.Id, here.Id, there.Id], entries.Select(entry => entry.Id("studio_id")));
        Assert.Equal(["Ada Byron", "Ada Byron", null, "Ada Byron"], entries.Select(entry => entry.GetProperty("with").GetString()));
        Assert.Equal(("America/Toronto", "enrolled"), (entries[0].Text("time_zone"), entries[3].Text("enrolment")));
        Assert.Contains(cancelled, (await Mine(person, "cancelled=true")).GetProperty("entries").EnumerateArray().Select(entry => entry.Id()));
        Assert.Equal([given], (await Mine(client)).GetProperty("entries").EnumerateArray().Select(entry => entry.Id()));
        Assert.Empty((await Mine(await here.GivenClient())).GetProperty("entries").EnumerateArray());
    }

    [Fact]
    public async Task WhoTrainsHereNoMoreIsToldNoNames()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenMember("trainer"), await studio.GivenClient());
        await studio.GivenBooking(await studio.GivenSessionType(), trainer, client, SchedulingStory.At(days: 2, hour: 10));
        Assert.Equal("Ada Byron", (await Mine(trainer)).GetProperty("entries")[0].Text("with"));

        await studio.SetRoles(trainer, "client");

        trainer = await trainer.Renewed();
        await Eventually.Holds(async () => (await Mine(trainer)).GetProperty("entries")[0].GetProperty("with").GetString() is null, "the name is gone");
    }

    [Fact]
    public async Task AtMostAMonthAtATime()
    {
        var studio = await system.GivenStudio();

        var month = await Mine(studio.Owner, "from=2027-01-01T00:00:00Z&to=2027-02-01T00:00:00Z");
        Assert.Empty(month.GetProperty("entries").EnumerateArray());
        foreach (var query in new[] { "from=2027-01-01T00:00:00Z&to=2027-02-01T00:00:01Z", "from=2027-01-01T00:00:00Z&to=2027-01-01T00:00:00Z", "to=0001-01-01T00:00:00Z", "from=9999-12-31T00:00:00Z" })
        {
            using var http = studio.Owner.Http();
            await http.GetAsync($"/api/v1/me/calendar?{query}").Refused(HttpStatusCode.BadRequest, "request.invalid");
        }
    }

    private static async Task<JsonElement> Mine(Person person, string query = "")
    {
        using var http = person.Http();
        return await http.GetAsync($"/api/v1/me/calendar?{query}").Ok();
    }
}
