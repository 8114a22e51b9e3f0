using System.Net;
using System.Text.Json;

namespace FitFlow.Scheduling.Tests.Classes;

/// Leaving a class, and what becomes of the seat when the line moves up by itself.
public sealed class LeaveClassTests(RunningSystem system)
{
    [Fact]
    public async Task WhoIsFirstInTheLineHasTheSeatAtOnce()
    {
        var studio = await system.GivenStudio();
        var (it, trainer, _) = await studio.GivenYoga(capacity: 1);
        var people = await studio.GivenClients(3);
        var enrolled = await studio.GivenEnrolled(it, people);

        var left = await studio.Leave(it, people[0], reason: "illness").Ok();

        Assert.Equal("cancelled", left.Text("status"));
        var cancellation = left.GetProperty("cancellation");
        Assert.Equal((people[0].Id, "illness", "free"), (cancellation.Id("by"), cancellation.Text("reason"), cancellation.Text("outcome")));
        Assert.Equal([(people[1].Id, "enrolled"), (people[2].Id, "waitlisted")], await studio.Roster(it));
        Assert.Equal([trainer.Id, people[1].Id], (await system.TimeTakenBy(it)).ToHashSet());
        Assert.Equal((0, 2), (await system.RemindersOf(it, people[0]), await system.RemindersOf(it, people[1])));

        var at = left.Time("starts_at");
        var (date, time) = ClassStory.Local(at);
        var about = $$""","trainer_id":"{{trainer.Id}}","studio_id":"{{studio.Id}}","class_date":"{{date}}","start_time":"{{time}}","starts_at":"{{at:yyyy-MM-ddTHH:mm:ss}}+00:00",""";
        Assert.Equal(
            [$$"""{"class_id":"{{it}}","enrolment_id":"{{enrolled[0].Id()}}","client_id":"{{people[0].Id}}"{{about}}"was":"enrolled","outcome":"free","cancellation_reason":"illness","cancelled_by":"{{people[0].Id}}"}"""],
            await system.Told("class.enrolment_cancelled", it));
        Assert.Equal(
            [$$"""{"class_id":"{{it}}","enrolment_id":"{{enrolled[1].Id()}}","client_id":"{{people[1].Id}}"{{about}}"offered_until":null}"""],
            await system.Told("class.promoted", it));
    }

    [Fact]
    public async Task WhoIsElsewhereKeepsTheirPlaceAndTheNextHasTheSeat()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 1);
        var people = await studio.GivenClients(3);
        await studio.GivenEnrolled(it, people);
        await studio.GivenBooking(await studio.GivenSessionType(), await studio.GivenTrainer(), people[1], (await studio.Look(it)).Time("starts_at"));

        await studio.Leave(it, people[0]).Ok();

        Assert.Equal([(people[2].Id, "enrolled"), (people[1].Id, "waitlisted")], await studio.Roster(it));
    }

    [Fact]
    public async Task WhenAllWhoWaitAreElsewhereTheSeatIsOpenUntilOneOfThemIsNot()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 1);
        var people = await studio.GivenClients(3);
        await studio.GivenEnrolled(it, people[0], people[1]);
        var (session, other) = (await studio.GivenSessionType(), await studio.GivenTrainer());
        var booking = (await studio.GivenBooking(session, other, people[1], (await studio.Look(it)).Time("starts_at"))).Id();
        await studio.Leave(it, people[0]).Ok();
        Assert.Equal((1, 1), ((await studio.Look(it)).GetProperty("seats_left").GetInt32(), (await studio.Look(it)).GetProperty("waiting").GetInt32()));

        // Nobody comes in before the one who waited, once that one can.
        await studio.Post(studio.Owner, $"/api/v1/bookings/{booking}/cancel", new { reason = "other" }).Ok();
        Assert.Equal("waitlisted", (await studio.Enrol(it, people[2]).Created()).Text("status"));

        Assert.Equal([(people[1].Id, "enrolled"), (people[2].Id, "waitlisted")], await studio.Roster(it));
    }

    [Fact]
    public async Task TheLineIsLookedAtAgainByItself()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 1);
        var people = await studio.GivenClients(2);
        await studio.GivenEnrolled(it, people);
        var booking = (await studio.GivenBooking(
            await studio.GivenSessionType(), await studio.GivenTrainer(), people[1], (await studio.Look(it)).Time("starts_at"))).Id();
        await studio.Leave(it, people[0]).Ok();
        await studio.Post(studio.Owner, $"/api/v1/bookings/{booking}/cancel", new { reason = "other" }).Ok();

        await system.Database("schedulingdb").Write("UPDATE lines_due SET due_at = UTC_TIMESTAMP(6) WHERE class_id = @it", ("it", it));

        await Eventually.Holds(async () => await studio.StatusOf(it, people[1]) == "enrolled", "who waited has the seat");
        Assert.Equal(0, await system.Database("schedulingdb").Count("SELECT COUNT(*) FROM lines_due WHERE class_id = @it", ("it", it)));
        Assert.Single(await system.Told("class.promoted", it));
    }

    [Fact]
    public async Task WhoLeavesLateOwesAndThenStays()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenTrainer();
        var type = await studio.GivenClassType(("free_cancel_minutes", 5_000), ("refuse_cancel_minutes", 120));
        var it = (await studio.GivenClass(type, trainer, SchedulingStory.At(days: 3, hour: 18))).Id();
        var people = await studio.GivenClients(3);
        await studio.GivenEnrolled(it, people);

        Assert.Equal("late", (await studio.Leave(it, people[0]).Ok()).GetProperty("cancellation").Text("outcome"));
        await system.Database("schedulingdb").Write("UPDATE enrolments_rows SET cancel_until = UTC_TIMESTAMP(6) WHERE class_id = @it", ("it", it));
        await studio.Leave(it, people[1]).Refused(HttpStatusCode.Conflict, "classes.too_late_to_cancel");
        Assert.Equal("free", (await studio.Leave(it, people[1], by: trainer).Ok()).GetProperty("cancellation").Text("outcome"));
        Assert.Equal("free", (await studio.Leave(it, people[2], by: studio.Owner).Ok()).GetProperty("cancellation").Text("outcome"));
        Assert.Equal(["late", "free", "free"], (await system.Told("class.enrolment_cancelled", it)).Select(told => JsonDocument.Parse(told).RootElement.Text("outcome")));
    }

    [Fact]
    public async Task WhoWasMovedUpLateMayStillLeaveForFree()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenTrainer();
        var type = await studio.GivenClassType(("free_cancel_minutes", 5_000), ("refuse_cancel_minutes", 5_000));
        var it = (await studio.GivenClass(type, trainer, SchedulingStory.At(days: 3, hour: 18), ("capacity", 1), ("offer_minutes", 60))).Id();
        var people = await studio.GivenClients(2);
        await studio.GivenEnrolled(it, people);
        await studio.Leave(it, people[0], by: trainer).Ok();

        Assert.Equal("enrolled", await studio.StatusOf(it, people[1]));
        Assert.Equal("free", (await studio.Leave(it, people[1]).Ok()).GetProperty("cancellation").Text("outcome"));
    }

    [Fact]
    public async Task TheLineIsLeftAtAnyTimeAndMovesNobody()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 1);
        var people = await studio.GivenClients(3);
        await studio.GivenEnrolled(it, people);

        await studio.Leave(it, people[1]).Ok();

        Assert.Equal([(people[0].Id, "enrolled"), (people[2].Id, "waitlisted")], await studio.Roster(it));
        Assert.Equal(1, (await studio.Look(it, people[2])).GetProperty("my_position").GetInt32());
        Assert.Empty(await system.Told("class.promoted", it));
    }

    [Fact]
    public async Task NearTheClassNobodyIsMovedUpAndTheSeatIsTheirsWhoTakesIt()
    {
        var studio = await system.GivenStudio();
        var (it, trainer, _) = await studio.GivenYoga(capacity: 1, ("waitlist_cutoff_minutes", 7 * 24 * 60));
        var people = await studio.GivenClients(3);
        await studio.GivenEnrolled(it, people);

        await studio.Leave(it, people[0]).Ok();

        Assert.Equal([(people[1].Id, "waitlisted"), (people[2].Id, "waitlisted")], await studio.Roster(it));
        Assert.Empty(await system.Told("class.promoted", it));
        var at = (await studio.Look(it)).Time("starts_at");
        var (date, time) = ClassStory.Local(at);
        Assert.Equal(
            [$$"""{"class_id":"{{it}}","trainer_id":"{{trainer.Id}}","studio_id":"{{studio.Id}}","class_date":"{{date}}","start_time":"{{time}}","starts_at":"{{at:yyyy-MM-ddTHH:mm:ss}}+00:00","seats_left":1,"client_ids":["{{people[1].Id}}","{{people[2].Id}}"]}"""],
            await system.Told("class.seat_opened", it));

        Assert.Equal("enrolled", (await studio.Enrol(it, people[2]).Created()).Text("status"));
        await studio.Enrol(it, people[1]).Refused(HttpStatusCode.Conflict, "classes.already_enrolled");
        Assert.Equal([(people[2].Id, "enrolled"), (people[1].Id, "waitlisted")], await studio.Roster(it));
    }

    [Fact]
    public async Task OnlyOneselfOrByStaffAndOnlyWhatThereIs()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 2);
        var people = await studio.GivenClients(2);
        await studio.GivenEnrolled(it, people[0]);
        var other = await studio.GivenTrainer();

        await studio.Leave(it, people[0], by: people[1]).Refused(HttpStatusCode.Forbidden, "classes.not_yours");
        await studio.Leave(it, people[0], by: other).Refused(HttpStatusCode.Forbidden, "classes.not_yours");
        await studio.Leave(it, people[1]).Refused(HttpStatusCode.NotFound, "classes.not_enrolled");
        await studio.Leave(it, people[0], reason: "boredom").Refused(HttpStatusCode.BadRequest, "request.invalid");
        var elsewhere = await system.GivenStudio();
        await elsewhere.Leave(it, people[0], by: elsewhere.Owner).Refused(HttpStatusCode.NotFound, "classes.unknown");
        await studio.Leave(it, people[0]).Ok();
        await studio.Leave(it, people[0]).Refused(HttpStatusCode.NotFound, "classes.not_enrolled");
    }
}
