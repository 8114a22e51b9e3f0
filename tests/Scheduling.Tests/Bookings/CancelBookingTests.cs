using System.Net;
using System.Net.Http.Json;

namespace FitFlow.Scheduling.Tests.Bookings;

public sealed class CancelBookingTests(RunningSystem system)
{
    private static readonly object Ill = new { reason = "illness", note = "a cold" };

    [Fact]
    public async Task InTimeItIsFreeAndTheHourIsAnybodysAgain()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var at = SchedulingStory.At(days: 3, hour: 10);
        var id = (await studio.Book(client, type, trainer, at).Created()).Id();

        var cancelled = await studio.Post(client, $"/api/v1/bookings/{id}/cancel", Ill).Ok();

        Assert.Equal("cancelled", cancelled.Text("status"));
        var how = cancelled.GetProperty("cancellation");
        Assert.Equal((client.Id, "illness", "a cold", "free"), (how.Id("by"), how.Text("reason"), how.Text("note"), how.Text("outcome")));
        var day = TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById("America/Toronto")).ToString("yyyy-MM-dd", null);
        Assert.Equal(
            [$$"""{"booking_id":"{{id}}","client_id":"{{client.Id}}","trainer_id":"{{trainer.Id}}","studio_id":"{{studio.Id}}","cancellation_reason":"illness","cancelled_by":"{{client.Id}}","outcome":"free","booking_date":"{{day}}","start_time":"10:00:00","starts_at":"{{at:yyyy-MM-ddTHH:mm:ss}}+00:00"}"""],
            await system.Told("booking.cancelled", id));
        Assert.Equal(0, await system.Database("schedulingdb").Count("SELECT COUNT(*) FROM reminders WHERE subject_id = @id", ("id", id)));
        await studio.Book(await studio.GivenClient(), type, trainer, at).Created();
    }

    [Fact]
    public async Task AfterThatItIsLateAndThenTooLate()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainerAtWork(), await studio.GivenClient());
        var at = SchedulingStory.At(days: 3, hour: 10);
        var late = await studio.GivenSessionType(("free_cancel_minutes", 7 * 24 * 60), ("refuse_cancel_minutes", 60));
        var never = await studio.GivenSessionType(("free_cancel_minutes", 7 * 24 * 60), ("refuse_cancel_minutes", 7 * 24 * 60));

        var id = (await studio.Book(client, late, trainer, at).Created()).Id();
        Assert.Equal("late", (await studio.Post(client, $"/api/v1/bookings/{id}/cancel", Ill).Ok()).GetProperty("cancellation").Text("outcome"));

        id = (await studio.Book(client, never, trainer, at).Created()).Id();
        await studio.Post(client, $"/api/v1/bookings/{id}/cancel", Ill).Refused(HttpStatusCode.Conflict, "bookings.too_late_to_cancel");
        Assert.Equal("free", (await studio.Post(trainer, $"/api/v1/bookings/{id}/cancel", Ill).Ok()).GetProperty("cancellation").Text("outcome"));
    }

    [Fact]
    public async Task WhatWasPromisedHoldsWhateverThePolicySaysByNow()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var id = (await studio.Book(client, type, trainer, SchedulingStory.At(days: 3, hour: 10)).Created()).Id();

        using var owner = studio.Http(studio.Owner);
        var rules = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["notice_minutes"] = 0,
            ["horizon_days"] = 90,
            ["slot_step_minutes"] = 30,
            ["free_cancel_minutes"] = 10_000,
            ["refuse_cancel_minutes"] = 10_000,
            ["waitlist_mode"] = "auto",
            ["offer_minutes"] = 60,
            ["waitlist_cutoff_minutes"] = 60,
            ["version"] = 0,
        };
        await owner.PutAsJsonAsync("/api/v1/policies", rules).Ok();

        Assert.Equal("free", (await studio.Post(client, $"/api/v1/bookings/{id}/cancel", Ill).Ok()).GetProperty("cancellation").Text("outcome"));
    }

    [Fact]
    public async Task OnceIsEnough()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var id = (await studio.Book(client, type, trainer, SchedulingStory.At(days: 3, hour: 10)).Created()).Id();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => studio.Post(client, $"/api/v1/bookings/{id}/cancel", Ill)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(9, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        Assert.Single(await system.Told("booking.cancelled", id));
    }

    [Fact]
    public async Task OnlyThoseWhomItConcernsCancel()
    {
        var (studio, other) = (await system.GivenStudio(), await system.GivenStudio());
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var id = (await studio.Book(client, type, trainer, SchedulingStory.At(days: 3, hour: 10)).Created()).Id();

        foreach (var stranger in new[] { await studio.GivenClient(), await studio.GivenTrainer() })
            await studio.Post(stranger, $"/api/v1/bookings/{id}/cancel", Ill).Refused(HttpStatusCode.NotFound, "bookings.unknown");
        await other.Post(other.Owner, $"/api/v1/bookings/{id}/cancel", Ill).Refused(HttpStatusCode.NotFound, "bookings.unknown");
        await studio.Post(client, $"/api/v1/bookings/{id}/cancel", new { reason = "boredom" }).Refused(HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal("confirmed", (await studio.Get(client, $"/api/v1/bookings/{id}").Ok()).Text("status"));
    }
}
