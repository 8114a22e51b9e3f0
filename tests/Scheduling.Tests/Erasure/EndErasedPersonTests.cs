using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace FitFlow.Scheduling.Tests.Erasure;

public sealed class EndErasedPersonTests(RunningSystem system)
{
    [Fact]
    public async Task WhatTheyBookedIsFreeAgainAndWhatWasWrittenOfThemIsGone()
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainerAtWork(), await studio.GivenSessionType());
        var client = await studio.GivenMember("client");
        var past = (await studio.GivenBooking(type, trainer, client, SchedulingStory.At(days: -1, hour: 10))).Id();
        await studio.Post(trainer, $"/api/v1/bookings/{past}/complete", new { trainer_notes = "a weak knee" }).Ok();
        var at = SchedulingStory.At(days: 3, hour: 10);
        var next = (await studio.Book(client, type, trainer, at).Created()).Id();
        var yoga = await GivenClass(studio, trainer);
        await studio.Post(client, $"/api/v1/classes/{yoga}/enrol").Created();

        await Erase(client);

        await Eventually.Holds(async () => (await studio.Get(studio.Owner, $"/api/v1/bookings/{next}").Ok()).Text("status") == "cancelled", "the session is cancelled");
        Assert.Single(await system.Told("booking.cancelled", next));
        await studio.Book(await studio.GivenClient(), type, trainer, at).Created();
        var before = await studio.Get(studio.Owner, $"/api/v1/bookings/{past}").Ok();
        Assert.Equal(("completed", JsonValueKind.Null), (before.Text("status"), before.GetProperty("trainer_notes").ValueKind));
        Assert.Equal(1, (await studio.Get(studio.Owner, $"/api/v1/classes/{yoga}").Ok()).GetProperty("seats_left").GetInt32());
    }

    [Fact]
    public async Task WhatTheyWereToGiveIsCancelled()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenMember("trainer");
        await studio.WorksAlways(trainer);
        var (client, type) = (await studio.GivenClient(), await studio.GivenSessionType());
        var booking = (await studio.Book(client, type, trainer, SchedulingStory.At(days: 3, hour: 10)).Created()).Id();
        var yoga = await GivenClass(studio, trainer);

        await Erase(trainer);

        await Eventually.Holds(async () => (await studio.Get(client, $"/api/v1/bookings/{booking}").Ok()).Text("status") == "cancelled", "the session is cancelled");
        Assert.Contains("\"trainer_unavailable\"", (await system.Told("booking.cancelled", booking)).Single());
        Assert.Equal("cancelled", (await studio.Get(client, $"/api/v1/classes/{yoga}").Ok()).Text("status"));
    }

    private static async Task<Guid> GivenClass(Studio studio, Person trainer)
    {
        var type = await studio.GivenSessionType(("kind", "group"), ("capacity", 1));
        var scheduled = await studio.Post(studio.Owner, "/api/v1/classes", new { session_type_id = type, trainer_id = trainer.Id, starts_at = SchedulingStory.At(days: 4, hour: 10) }).Created();
        return scheduled.GetProperty("classes")[0].Id();
    }

    private static async Task Erase(Person person)
    {
        using var http = person.Http();
        (await http.PostAsJsonAsync("/api/v1/users/me/erase", new { person.Password }, FitFlow.ServiceDefaults.Json.Options)).ShouldBe(HttpStatusCode.OK);
    }
}
