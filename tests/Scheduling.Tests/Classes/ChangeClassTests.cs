using System.Net;
using System.Text.Json;

namespace FitFlow.Scheduling.Tests.Classes;

public sealed class ChangeClassTests(RunningSystem system)
{
    [Fact]
    public async Task MovesEverybodyAndTellsThem()
    {
        var studio = await system.GivenStudio();
        var (trainer, rooms) = (await studio.GivenTrainer(), new[] { await studio.GivenRoom(), await studio.GivenRoom() });
        var type = await studio.GivenClassType(("room_ids", rooms));
        var (at, later) = (SchedulingStory.At(days: 3, hour: 18), SchedulingStory.At(days: 4, hour: 9));
        var it = await studio.GivenClass(type, trainer, at, ("capacity", 1));
        var people = await studio.GivenClients(2);
        await studio.GivenEnrolled(it.Id(), people);

        var moved = await studio.Change(it, studio.Owner, ("starts_at", later), ("room_id", rooms[1])).Ok();

        Assert.Equal((later, later.AddHours(1), rooms[1], 2), (moved.Time("starts_at"), moved.Time("ends_at"), moved.Id("room_id"), moved.GetProperty("version").GetInt32()));
        Assert.Equal([trainer.Id, rooms[1], people[0].Id], (await system.TimeTakenBy(it.Id())).ToHashSet());
        Assert.Equal(0, await system.Database("schedulingdb").Count(
            "SELECT COUNT(*) FROM busy WHERE source_id = @it AND starts_at <> @later", ("it", it.Id()), ("later", later.UtcDateTime)));
        Assert.Equal(
            [later.AddHours(-24).UtcDateTime, later.AddHours(-1).UtcDateTime],
            await system.Database("schedulingdb").Read<DateTime>("SELECT due_at FROM reminders WHERE subject_id = @it ORDER BY due_at", ("it", it.Id())));
        var (before, after) = (ClassStory.Local(at), ClassStory.Local(later));
        Assert.Equal(
            [$$"""{"class_id":"{{it.Id()}}","trainer_id":"{{trainer.Id}}","studio_id":"{{studio.Id}}","old_date":"{{before.Date}}","old_start_time":"{{before.Time}}","new_date":"{{after.Date}}","new_start_time":"{{after.Time}}","old_trainer_id":"{{trainer.Id}}","old_starts_at":"{{at:yyyy-MM-ddTHH:mm:ss}}+00:00","starts_at":"{{later:yyyy-MM-ddTHH:mm:ss}}+00:00","ends_at":"{{later.AddHours(1):yyyy-MM-ddTHH:mm:ss}}+00:00","room_id":"{{rooms[1]}}","client_ids":["{{people[0].Id}}","{{people[1].Id}}"]}"""],
            await system.Told("class.rescheduled", it.Id()));
    }

    [Fact]
    public async Task WhoWasMovedMayLeaveForFreeUntilItBegins()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainer(), await studio.GivenClient());
        var type = await studio.GivenClassType(("free_cancel_minutes", 5_000), ("refuse_cancel_minutes", 5_000));
        var it = await studio.GivenClass(type, trainer, SchedulingStory.At(days: 3, hour: 18));
        await studio.GivenEnrolled(it.Id(), client);
        await studio.Leave(it.Id(), client).Refused(HttpStatusCode.Conflict, "classes.too_late_to_cancel");

        await studio.Change(it, trainer, ("starts_at", SchedulingStory.At(days: 3, hour: 19))).Ok();

        Assert.Equal("free", (await studio.Leave(it.Id(), client).Ok()).GetProperty("cancellation").Text("outcome"));
    }

    [Fact]
    public async Task IsRefusedWhileSomeoneEnrolledIsElsewhereThenUnlessItIsForced()
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainer(), await studio.GivenClassType());
        var later = SchedulingStory.At(days: 4, hour: 9);
        var it = await studio.GivenClass(type, trainer, SchedulingStory.At(days: 3, hour: 18), ("capacity", 2));
        var people = await studio.GivenClients(3);
        await studio.GivenEnrolled(it.Id(), people);
        await studio.GivenBooking(await studio.GivenSessionType(), await studio.GivenTrainer(), people[0], later);

        var refused = await studio.Change(it, studio.Owner, ("starts_at", later)).Refused(HttpStatusCode.Conflict, "classes.clients_busy");
        Assert.Equal([people[0].Id], refused.GetProperty("client_ids").EnumerateArray().Select(id => id.GetGuid()));
        Assert.Equal("enrolled", await studio.StatusOf(it.Id(), people[0]));

        await studio.Change(it, studio.Owner, ("starts_at", later), ("force", true)).Ok();
        Assert.Equal([(people[1].Id, "enrolled"), (people[2].Id, "enrolled")], await studio.Roster(it.Id()));
        Assert.Equal([trainer.Id, people[1].Id, people[2].Id], (await system.TimeTakenBy(it.Id())).ToHashSet());
        var lost = JsonDocument.Parse(Assert.Single(await system.Told("class.enrolment_cancelled", it.Id()))).RootElement;
        Assert.Equal((people[0].Id, "free", studio.Owner.Id), (lost.Id("client_id"), lost.Text("outcome"), lost.Id("cancelled_by")));
    }

    [Fact]
    public async Task TakesTimeAsABookingDoes()
    {
        var studio = await system.GivenStudio();
        var (trainers, room) = (await studio.GivenTrainers(2), await studio.GivenRoom());
        var type = await studio.GivenClassType(("room_ids", new[] { room }));
        var at = SchedulingStory.At(days: 3, hour: 18);
        var it = await studio.GivenClass(type, trainers[0], at);
        await studio.GivenClass(type, trainers[1], at.AddHours(2));

        await studio.Change(it, studio.Owner, ("starts_at", at.AddHours(2))).Refused(HttpStatusCode.Conflict, "classes.room_busy");
        await studio.Change(it, studio.Owner, ("starts_at", at.AddHours(1.5)), ("trainer_id", trainers[1].Id)).Refused(HttpStatusCode.Conflict, "classes.trainer_busy");
        await studio.Change(it, studio.Owner, ("starts_at", SchedulingStory.At(days: -1, hour: 18))).Refused(HttpStatusCode.Conflict, "classes.in_the_past");
        await studio.Change(it, studio.Owner, ("starts_at", at.AddHours(-1)), ("outside_hours", false)).Refused(HttpStatusCode.Conflict, "classes.outside_hours");
        await studio.Change(it, studio.Owner, ("starts_at", at.AddSeconds(1))).Refused(HttpStatusCode.BadRequest, "request.invalid");
        await studio.Change(it, studio.Owner, ("room_id", await studio.GivenRoom())).Refused(HttpStatusCode.BadRequest, "request.invalid");
        var moved = await studio.Change(it, studio.Owner, ("starts_at", at.AddMinutes(30))).Ok();
        Assert.Equal((at.AddMinutes(30), room), (moved.Time("starts_at"), moved.Id("room_id")));
    }

    [Fact]
    public async Task SeatsThatAreTakenStayAndNewOnesGoToTheLine()
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainer(), await studio.GivenClassType());
        var it = await studio.GivenClass(type, trainer, SchedulingStory.At(days: 3, hour: 18), ("capacity", 2));
        var people = await studio.GivenClients(5);
        await studio.GivenEnrolled(it.Id(), people);

        var refused = await studio.Change(it, trainer, ("capacity", 1)).Refused(HttpStatusCode.Conflict, "classes.seats_taken");
        Assert.Equal(2, refused.GetProperty("seats_taken").GetInt32());
        await studio.Change(it, trainer, ("capacity", 4)).Ok();

        Assert.Equal(["enrolled", "enrolled", "enrolled", "enrolled", "waitlisted"], (await studio.Roster(it.Id())).Select(entry => entry.Status));
        Assert.Equal(2, (await system.Told("class.promoted", it.Id())).Count);
        Assert.Empty(await system.Told("class.rescheduled", it.Id()));
    }

    [Fact]
    public async Task WhatSomebodyElseChangedMeanwhileIsLookedAtAgain()
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainer(), await studio.GivenClassType());
        var it = await studio.GivenClass(type, trainer, SchedulingStory.At(days: 3, hour: 18));

        var answers = await Task.WhenAll(studio.Change(it, trainer, ("capacity", 11)), studio.Change(it, studio.Owner, ("capacity", 12)));

        var lost = answers.Single(answer => answer.StatusCode == HttpStatusCode.Conflict);
        var current = (await lost.ShouldBeProblem(HttpStatusCode.Conflict, "classes.changed_meanwhile")).GetProperty("current");
        Assert.Equal(2, current.GetProperty("version").GetInt32());
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task AnotherTrainerIsTheOwnersToName()
    {
        var studio = await system.GivenStudio();
        var (trainers, client) = (await studio.GivenTrainers(2), await studio.GivenClient());
        var type = await studio.GivenClassType();
        var it = await studio.GivenClass(type, trainers[0], SchedulingStory.At(days: 3, hour: 18));
        var elsewhere = await system.GivenStudio();

        await studio.Change(it, client, ("capacity", 20)).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
        await studio.Change(it, trainers[1], ("capacity", 20)).Refused(HttpStatusCode.Forbidden, "classes.not_yours");
        await studio.Change(it, trainers[0], ("trainer_id", trainers[1].Id)).Refused(HttpStatusCode.Forbidden, "classes.not_yours");
        await studio.Change(it, studio.Owner, ("trainer_id", client.Id)).Refused(HttpStatusCode.BadRequest, "classes.unknown_trainer");
        await elsewhere.Change(it, elsewhere.Owner, ("capacity", 20)).Refused(HttpStatusCode.NotFound, "classes.unknown");
        Assert.Equal(trainers[1].Id, (await studio.Change(it, studio.Owner, ("trainer_id", trainers[1].Id)).Ok()).Id("trainer_id"));
        Assert.Equal([trainers[1].Id], await system.TimeTakenBy(it.Id()));
    }

    [Fact]
    public async Task NobodyGivesAClassThatTheyAreIn()
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainer(), await studio.GivenClassType());
        var it = await studio.GivenClass(type, trainer, SchedulingStory.At(days: 3, hour: 18));
        var both = await studio.GivenMember("trainer", "client");
        await studio.GivenEnrolled(it.Id(), both);

        await studio.Change(it, studio.Owner, ("trainer_id", both.Id)).Refused(HttpStatusCode.Conflict, "classes.trainer_is_enrolled");
    }

    [Fact]
    public async Task WhatHasBegunOrIsCancelledStaysAsItIs()
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainer(), await studio.GivenClassType());
        var begun = await studio.GivenClass(type, trainer, SchedulingStory.At(days: 3, hour: 18));
        var cancelled = await studio.GivenClass(type, trainer, SchedulingStory.At(days: 4, hour: 18));
        await system.Begins(begun.Id(), TimeSpan.FromMinutes(-1));
        await studio.Post(studio.Owner, $"/api/v1/classes/{cancelled.Id()}/cancel", new { reason = "weather" }).Ok();

        await studio.Change(begun, studio.Owner, ("capacity", 20)).Refused(HttpStatusCode.Conflict, "classes.begun");
        await studio.Change(cancelled, studio.Owner, ("capacity", 20)).Refused(HttpStatusCode.Conflict, "classes.cancelled");
    }
}
