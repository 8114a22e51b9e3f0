using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Tests.Classes;

public sealed class ScheduleClassesTests(RunningSystem system)
{
    [Fact]
    public async Task TakesTheTrainersAndTheRoomsTimeAndTellsOfIt()
    {
        var studio = await system.GivenStudio();
        var (trainer, room) = (await studio.GivenTrainer(), await studio.GivenRoom());
        var type = await studio.GivenClassType(("room_ids", new[] { room }), ("buffer_after_minutes", 15));
        var at = SchedulingStory.At(days: 3, hour: 18);

        using var answer = await studio.Schedule(type, trainer, at);
        answer.ShouldBe(HttpStatusCode.Created);
        var scheduled = await answer.Read();
        var it = scheduled.GetProperty("classes")[0];

        var id = it.Id();
        Assert.Equal($"/api/v1/classes/{id}", answer.Headers.Location!.OriginalString);
        Assert.Equal((JsonValueKind.Null, "America/Toronto", 0), (scheduled.GetProperty("series_id").ValueKind, scheduled.Text("time_zone"), scheduled.GetProperty("skipped").GetArrayLength()));
        Assert.Equal(("Yoga", "scheduled", "auto"), (it.Text("name"), it.Text("status"), it.Text("waitlist_mode")));
        Assert.Equal((at, at.AddHours(1), room), (it.Time("starts_at"), it.Time("ends_at"), it.Id("room_id")));
        Assert.Equal((10, 10, 0, 1), (it.GetProperty("capacity").GetInt32(), it.GetProperty("seats_left").GetInt32(), it.GetProperty("waiting").GetInt32(), it.GetProperty("version").GetInt32()));
        Assert.Equal((at.AddDays(-1), at), (it.Time("cancel_free_until"), it.Time("cancel_until")));
        Assert.Equal([trainer.Id, room], (await system.TimeTakenBy(id)).ToHashSet());
        Assert.Equal("Ada Byron", (await studio.Look(id)).Text("trainer_name"));

        var (date, time) = ClassStory.Local(at);
        Assert.Equal(
            [$$"""{"class_id":"{{id}}","series_id":null,"session_type_id":"{{type}}","trainer_id":"{{trainer.Id}}","studio_id":"{{studio.Id}}","room_id":"{{room}}","class_date":"{{date}}","start_time":"{{time}}","end_time":"19:00:00","capacity":10,"starts_at":"{{at:yyyy-MM-ddTHH:mm:ss}}+00:00","ends_at":"{{at.AddHours(1):yyyy-MM-ddTHH:mm:ss}}+00:00"}"""],
            await system.Told("class.scheduled", id));
    }

    [Theory]
    [InlineData(-59)]
    [InlineData(0)]
    [InlineData(74)]
    public async Task ATrainerGivesOneAtATimeWithTheBuffers(int minutes)
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainer(), await studio.GivenClassType(("buffer_after_minutes", 15)));
        var at = SchedulingStory.At(days: 3, hour: 18);
        await studio.GivenClass(type, trainer, at);

        var refused = await studio.Schedule(type, trainer, at.AddMinutes(minutes)).Refused(HttpStatusCode.Conflict, "classes.trainer_busy");

        Assert.Equal("trainer_busy", refused.GetProperty("skipped")[0].Text("reason"));
        await studio.GivenClass(type, trainer, at.AddMinutes(75));
    }

    [Fact]
    public async Task WithoutANameTheFirstRoomThatIsFreeIsTaken()
    {
        var studio = await system.GivenStudio();
        var trainers = await studio.GivenTrainers(4);
        Guid[] rooms = [await studio.GivenRoom(), await studio.GivenRoom(), await studio.GivenRoom()];
        var type = await studio.GivenClassType(("room_ids", rooms[..2]));
        var at = SchedulingStory.At(days: 3, hour: 18);

        Assert.Equal(rooms[1], (await studio.GivenClass(type, trainers[0], at, ("room_id", rooms[1]))).Id("room_id"));
        Assert.Equal(rooms[0], (await studio.GivenClass(type, trainers[1], at)).Id("room_id"));
        await studio.Schedule(type, trainers[2], at).Refused(HttpStatusCode.Conflict, "classes.room_busy");
        await studio.Schedule(type, trainers[2], at.AddHours(1), ("room_id", rooms[2])).Refused(HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(rooms[0], (await studio.GivenClass(type, trainers[2], at.AddHours(1))).Id("room_id"));
    }

    [Fact]
    public async Task ADateThatCannotBeHadSinksNoOther()
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainer(), await studio.GivenClassType());
        var at = SchedulingStory.At(days: 7, hour: 18);
        var taken = (await studio.GivenClass(type, trainer, SchedulingStory.At(days: 14, hour: 17, minute: 30))).Id();
        var every = Weekly(at, occurrences: 4);

        var preview = await studio.Schedule(studio.Owner, type, trainer, every, "/api/v1/classes/preview").Ok();
        Assert.Equal(3, preview.GetProperty("classes").GetArrayLength());
        Assert.Equal([taken], (await studio.Get(studio.Owner, "/api/v1/classes").Ok()).GetProperty("data").EnumerateArray().Select(it => it.Id()));

        var scheduled = await studio.Schedule(studio.Owner, type, trainer, every).Created();
        var classes = scheduled.GetProperty("classes").EnumerateArray().ToList();
        Assert.Equal([.. new[] { 7, 21, 28 }.Select(days => SchedulingStory.At(days, hour: 18))], classes.Select(it => it.Time("starts_at")));
        Assert.Equal(classes.Select(it => it.Time("starts_at")), preview.GetProperty("classes").EnumerateArray().Select(it => it.Time("starts_at")));
        Assert.All(classes, it => Assert.Equal(scheduled.Id("series_id"), it.Id("series_id")));
        foreach (var answer in new[] { preview, scheduled })
        {
            var skipped = Assert.Single(answer.GetProperty("skipped").EnumerateArray());
            Assert.Equal((SchedulingStory.At(days: 14, hour: 18), "trainer_busy"), (skipped.Time("starts_at"), skipped.Text("reason")));
        }

        foreach (var it in classes) Assert.Single(await system.Told("class.scheduled", it.Id()));
    }

    [Fact]
    public async Task SixOClockStaysSixOClockWhenTheClocksChange()
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainer(), await studio.GivenClassType());
        var recurrence = new { starts_on = "2036-03-03", starts = "18:00", occurrences = 2 };

        var classes = (await studio.Schedule(studio.Owner, type, trainer, [("recurrence", recurrence)]).Created()).GetProperty("classes");

        Assert.Equal(["2036-03-03T23:00:00+00:00", "2036-03-10T22:00:00+00:00"], classes.EnumerateArray().Select(it => it.Text("starts_at")));
    }

    [Fact]
    public async Task WhenNothingCanBeHadTheReasonIsSaid()
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainer(), await studio.GivenClassType());
        await studio.GivenClass(type, trainer, SchedulingStory.At(days: 7, hour: 0));

        await studio.Schedule(type, trainer, SchedulingStory.At(days: -1, hour: 18)).Refused(HttpStatusCode.Conflict, "classes.in_the_past");
        var refused = await studio.Schedule(studio.Owner, type, trainer, Weekly(SchedulingStory.At(days: 0, hour: 0), 2, "00:00"))
            .Refused(HttpStatusCode.Conflict, "classes.nothing_scheduled");

        Assert.Equal(["in_the_past", "trainer_busy"], refused.GetProperty("skipped").EnumerateArray().Select(date => date.Text("reason")));
    }

    [Fact]
    public async Task ClassesAreGivenInTheTrainersHoursUnlessItIsSaidOtherwise()
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainer(), await studio.GivenClassType());
        await studio.Works(trainer, "09:00", "17:00");

        await studio.Schedule(type, trainer, SchedulingStory.At(days: 3, hour: 16, minute: 30), ("outside_hours", false)).Refused(HttpStatusCode.Conflict, "classes.outside_hours");
        await studio.GivenClass(type, trainer, SchedulingStory.At(days: 3, hour: 16), ("outside_hours", false));
        await studio.GivenClass(type, trainer, SchedulingStory.At(days: 3, hour: 20));
    }

    [Fact]
    public async Task TrainersScheduleTheirOwnAndClientsNone()
    {
        var studio = await system.GivenStudio();
        var (trainer, other, client, admin) = (await studio.GivenTrainer(), await studio.GivenTrainer(), await studio.GivenClient(), await system.GivenAdmin());
        var type = await studio.GivenClassType();

        foreach (var path in new[] { "/api/v1/classes", "/api/v1/classes/preview" })
        {
            var at = SchedulingStory.At(days: 3, hour: 18);
            await studio.Schedule(client, type, trainer, [("starts_at", at)], path).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
            await studio.Schedule(other, type, trainer, [("starts_at", at)], path).Refused(HttpStatusCode.Forbidden, "classes.not_yours");
        }

        await studio.Schedule(trainer, type, trainer, [("starts_at", SchedulingStory.At(days: 3, hour: 18))]).Created();
        await studio.Schedule(admin, type, trainer, [("starts_at", SchedulingStory.At(days: 3, hour: 20))]).Created();
        var elsewhere = await system.GivenStudio();
        await elsewhere.Schedule(type, trainer, SchedulingStory.At(days: 4, hour: 18)).Refused(HttpStatusCode.NotFound, "session_types.unknown");
    }

    [Fact]
    public async Task OnlyWhatIsGivenAsClassesByThisTrainerNow()
    {
        var studio = await system.GivenStudio();
        var (trainer, other, client) = (await studio.GivenTrainer(), await studio.GivenTrainer(), await studio.GivenClient());
        var (type, at) = (await studio.GivenClassType(("trainer_ids", new[] { other.Id })), SchedulingStory.At(days: 3, hour: 18));

        await studio.Schedule(await studio.GivenSessionType(), trainer, at).Refused(HttpStatusCode.Conflict, "session_types.not_a_class");
        await studio.Schedule(type, trainer, at).Refused(HttpStatusCode.Conflict, "session_types.not_given");
        await studio.Schedule(type, client, at).Refused(HttpStatusCode.BadRequest, "classes.unknown_trainer");
        await system.Database("schedulingdb").Write("UPDATE session_types_rows SET is_active = FALSE WHERE id = @type", ("type", type));
        await studio.Schedule(type, other, at).Refused(HttpStatusCode.Conflict, "session_types.inactive");
    }

    [Fact]
    public async Task WhatIsNotWellFormedIsNamed()
    {
        var studio = await system.GivenStudio();
        var (trainer, type, at) = (await studio.GivenTrainer(), await studio.GivenClassType(), SchedulingStory.At(days: 3, hour: 18));

        Assert.Equal(["starts_at"], await Wrong());
        Assert.Equal(["starts_at"], await Wrong([("starts_at", at), .. Weekly(at, 2)]));
        Assert.Equal(["starts_at"], await Wrong(("starts_at", at.AddSeconds(1))));
        Assert.Equal(["capacity", "offer_minutes", "waitlist_cutoff_minutes"], await Wrong(("starts_at", at), ("capacity", 0), ("offer_minutes", 4), ("waitlist_cutoff_minutes", -1)));
        Assert.Equal(["recurrence.occurrences"], await Wrong([.. Weekly(at, 105)]));

        async Task<IEnumerable<string>> Wrong(params (string Field, object? Value)[] with) =>
            (await studio.Schedule(studio.Owner, type, trainer, with).Refused(HttpStatusCode.BadRequest, "request.invalid"))
                .GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task WhatIsNotSaidOfTheLineIsTheStudiosPolicy()
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainer(), await studio.GivenClassType(("free_cancel_minutes", 600), ("refuse_cancel_minutes", 60)));
        using var http = studio.Http(studio.Owner);
        var policy = new
        {
            notice_minutes = 0,
            horizon_days = 90,
            slot_step_minutes = 15,
            free_cancel_minutes = 60,
            refuse_cancel_minutes = 0,
            waitlist_mode = "offer",
            offer_minutes = 45,
            waitlist_cutoff_minutes = 90,
            version = 0,
        };
        (await http.PutAsJsonAsync("/api/v1/policies", policy, Json.Options)).ShouldBe(HttpStatusCode.OK);

        var usual = await studio.GivenClass(type, trainer, SchedulingStory.At(days: 3, hour: 18));
        var other = await studio.GivenClass(
            type, trainer, SchedulingStory.At(days: 3, hour: 20), ("waitlist_mode", "auto"), ("offer_minutes", 5), ("waitlist_cutoff_minutes", 0), ("capacity", 3));

        Assert.Equal(("offer", 45, 90, 10), Terms(usual));
        Assert.Equal(("auto", 5, 0, 3), Terms(other));
        Assert.Equal((usual.Time("starts_at").AddHours(-10), usual.Time("starts_at").AddHours(-1)), (usual.Time("cancel_free_until"), usual.Time("cancel_until")));

        static (string Mode, int Offer, int Cutoff, int Capacity) Terms(JsonElement it) => (
            it.Text("waitlist_mode"), it.GetProperty("offer_minutes").GetInt32(), it.GetProperty("waitlist_cutoff_minutes").GetInt32(), it.GetProperty("capacity").GetInt32());
    }

    private static (string Field, object? Value)[] Weekly(DateTimeOffset first, int occurrences, string starts = "18:00") =>
        [("recurrence", new { starts_on = ClassStory.Local(first).Date, starts, occurrences })];
}
