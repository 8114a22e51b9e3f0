using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace FitFlow.Scheduling.Tests.Bookings;

public sealed class CompleteBookingTests(RunningSystem system)
{
    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task TheTrainerSaysHowItWentAndTheNotesStayHere(string method)
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainerAtWork(), await studio.GivenClient());
        var at = SchedulingStory.At(days: -1, hour: 10);
        var id = (await studio.GivenBooking(await studio.GivenSessionType(), trainer, client, at)).Id();

        using var http = studio.Http(trainer);
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/v1/bookings/{id}/complete") { Content = JsonContent.Create(new { trainer_notes = "Great session" }) };
        var completed = await http.SendAsync(request).Ok();

        Assert.Equal(("completed", "Great session"), (completed.Text("status"), completed.Text("trainer_notes")));
        Assert.Equal("Great session", (await studio.Get(client, $"/api/v1/bookings/{id}").Ok()).Text("trainer_notes"));
        var told = JsonDocument.Parse((await system.Told("booking.completed", id)).Single()).RootElement;
        Assert.Equal(
            ["booking_id", "client_id", "trainer_id", "studio_id", "workout_date", "start_time", "end_time", "duration_minutes", "starts_at"],
            told.EnumerateObject().Select(key => key.Name));
        Assert.Equal(("10:00:00", "11:00:00", 60), (told.Text("start_time"), told.Text("end_time"), told.GetProperty("duration_minutes").GetInt32()));
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("no-show")]
    public async Task NotBeforeItBeginsNotTwiceAndNotByAnybody(string how)
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var future = (await studio.GivenBooking(type, trainer, client, SchedulingStory.At(days: 1, hour: 10))).Id();
        var past = (await studio.GivenBooking(type, trainer, client, SchedulingStory.At(days: -1, hour: 10))).Id();

        await studio.Post(trainer, $"/api/v1/bookings/{future}/{how}").Refused(HttpStatusCode.Conflict, "bookings.not_started");
        await studio.Post(client, $"/api/v1/bookings/{past}/{how}").Refused(HttpStatusCode.Forbidden, "auth.forbidden");
        await studio.Post(await studio.GivenTrainer(), $"/api/v1/bookings/{past}/{how}").Refused(HttpStatusCode.NotFound, "bookings.unknown");
        await studio.Post(trainer, $"/api/v1/bookings/{past}/{how}").Ok();
        await studio.Post(studio.Owner, $"/api/v1/bookings/{past}/{how}").Refused(HttpStatusCode.Conflict, "bookings.not_confirmed");
    }

    [Fact]
    public async Task WhoDidNotComeIsToldOf()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainerAtWork(), await studio.GivenClient());
        var id = (await studio.GivenBooking(await studio.GivenSessionType(), trainer, client, SchedulingStory.At(days: -1, hour: 10))).Id();

        Assert.Equal("no_show", (await studio.Post(trainer, $"/api/v1/bookings/{id}/no-show").Ok()).Text("status"));

        var told = JsonDocument.Parse((await system.Told("booking.no_show", id)).Single()).RootElement;
        Assert.Equal(["booking_id", "client_id", "trainer_id", "studio_id", "booking_date", "start_time", "starts_at"], told.EnumerateObject().Select(key => key.Name));
    }
}
