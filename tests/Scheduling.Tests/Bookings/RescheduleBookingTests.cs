using System.Net;
using System.Text.Json;

namespace FitFlow.Scheduling.Tests.Bookings;

public sealed class RescheduleBookingTests(RunningSystem system)
{
    [Fact]
    public async Task MovesASessionAndTellsWhereFromAndWhereTo()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var (old, @new) = (SchedulingStory.At(days: 3, hour: 10), SchedulingStory.At(days: 4, hour: 16));
        var id = (await studio.Book(client, type, trainer, old).Created()).Id();

        var moved = await Move(studio, client, id, @new).Ok();

        Assert.Equal((@new, @new.AddHours(1), @new.AddDays(-1), 2), (moved.Time("starts_at"), moved.Time("ends_at"), moved.Time("cancel_free_until"), moved.GetProperty("version").GetInt32()));
        var told = JsonDocument.Parse((await system.Told("booking.rescheduled", id)).Single()).RootElement;
        Assert.Equal(
            ["booking_id", "client_id", "trainer_id", "studio_id", "old_date", "old_start_time", "new_date", "new_start_time", "old_trainer_id", "old_starts_at", "starts_at", "ends_at"],
            told.EnumerateObject().Select(key => key.Name));
        Assert.Equal(("10:00:00", "16:00:00", old, @new), (told.Text("old_start_time"), told.Text("new_start_time"), told.Time("old_starts_at"), told.Time("starts_at")));
        await studio.Book(await studio.GivenClient(), type, trainer, @new).Refused(HttpStatusCode.Conflict, "bookings.slot_taken");
        await studio.Book(await studio.GivenClient(), type, trainer, old).Created();
        Assert.Equal(
            [@new.AddHours(-24), @new.AddHours(-1)],
            await system.Database("schedulingdb").Read("SELECT due_at FROM reminders WHERE subject_id = @id ORDER BY due_at", row => new DateTimeOffset((DateTime)row[0]!, TimeSpan.Zero), ("id", id)));
    }

    [Fact]
    public async Task ItMayOverlapWhereItWas()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var at = SchedulingStory.At(days: 3, hour: 10);
        var id = (await studio.Book(client, type, trainer, at).Created()).Id();

        Assert.Equal(at.AddMinutes(30), (await Move(studio, client, id, at.AddMinutes(30)).Ok()).Time("starts_at"));
    }

    [Fact]
    public async Task WhenTheNewHourIsTakenTheOldOneStays()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var (old, @new) = (SchedulingStory.At(days: 3, hour: 10), SchedulingStory.At(days: 4, hour: 16));
        var id = (await studio.Book(client, type, trainer, old).Created()).Id();
        await studio.Book(await studio.GivenClient(), type, trainer, @new).Created();

        var refused = await Move(studio, client, id, @new).Refused(HttpStatusCode.Conflict, "bookings.slot_taken");

        Assert.Equal(3, refused.GetProperty("alternatives").GetArrayLength());
        Assert.Equal(old, (await studio.Get(client, $"/api/v1/bookings/{id}").Ok()).Time("starts_at"));
        await studio.Book(await studio.GivenClient(), type, trainer, old).Refused(HttpStatusCode.Conflict, "bookings.slot_taken");
    }

    [Fact]
    public async Task AnotherTrainerTakesOver()
    {
        var studio = await system.GivenStudio();
        var trainers = await studio.GivenTrainersAtWork(2);
        var (client, type, at) = (await studio.GivenClient(), await studio.GivenSessionType(), SchedulingStory.At(days: 3, hour: 10));
        var id = (await studio.Book(client, type, trainers[0], at).Created()).Id();

        var moved = await studio.Post(client, $"/api/v1/bookings/{id}/reschedule", new { starts_at = at, trainer_id = trainers[1].Id }).Ok();

        Assert.Equal(trainers[1].Id, moved.Id("trainer_id"));
        await studio.Book(await studio.GivenClient(), type, trainers[0], at).Created();
        await studio.Post(client, $"/api/v1/bookings/{id}/reschedule", new { starts_at = at, trainer_id = client.Id }).Refused(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task CloseToItOnlyThoseWhoWorkHereMoveIt()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainerAtWork(), await studio.GivenClient());
        var type = await studio.GivenSessionType(("free_cancel_minutes", 7 * 24 * 60));
        var at = SchedulingStory.At(days: 3, hour: 10);
        var id = (await studio.Book(client, type, trainer, at).Created()).Id();

        await Move(studio, client, id, at.AddHours(2)).Refused(HttpStatusCode.Conflict, "bookings.too_late_to_reschedule");
        await Move(studio, trainer, id, at.AddHours(2)).Ok();
    }

    [Fact]
    public async Task WhatIsOverOrNotOnesOwnStays()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var at = SchedulingStory.At(days: 3, hour: 10);
        var id = (await studio.Book(client, type, trainer, at).Created()).Id();

        await Move(studio, await studio.GivenClient(), id, at.AddHours(2)).Refused(HttpStatusCode.NotFound, "bookings.unknown");
        await studio.Post(client, $"/api/v1/bookings/{id}/cancel", new { reason = "other" }).Ok();
        await Move(studio, client, id, at.AddHours(2)).Refused(HttpStatusCode.Conflict, "bookings.not_confirmed");
    }

    private static Task<HttpResponseMessage> Move(Studio studio, Person by, Guid booking, DateTimeOffset to) =>
        studio.Post(by, $"/api/v1/bookings/{booking}/reschedule", new { starts_at = to });
}
