using System.Net;
using NodaTime;
using static FitFlow.Scheduling.Tests.Availability.AvailabilityStory;

namespace FitFlow.Scheduling.Tests.Availability;

public sealed class ListSlotsTests(RunningSystem system)
{
    [Fact]
    public async Task EveryDayIsThereWithTheSlotsOfItsRules()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainer(), await studio.GivenClient());
        var type = await studio.GivenSessionType();
        await studio.GivenHours(
            trainer, Rule(DayOfWeek.Monday, "09:00", "10:30"), Rule(DayOfWeek.Monday, "13:05", "14:05"), Rule(DayOfWeek.Wednesday, "09:00", "09:59"),
            Rule(DayOfWeek.Thursday, "09:00", "10:00", validFrom: Text(Monday.PlusDays(4))), Rule(DayOfWeek.Friday, "23:30", "00:45"));

        var answer = await studio.AskSlots(type, trainer.Id.ToString(), Monday, Monday.PlusDays(6), client).ShouldBe(HttpStatusCode.OK);

        Assert.Equal("America/Toronto", answer.GetProperty("time_zone").GetString());
        Assert.Equal(
            Enumerable.Range(0, 7).Select(day => Text(Monday.PlusDays(day))), answer.GetProperty("data").EnumerateArray().Select(day => day.GetProperty("date").GetString()));
        var slots = await studio.Slots(type, trainer.Id.ToString(), Monday, Monday.PlusDays(6), client);
        Assert.Equal(
            [(Monday, "09:00"), (Monday, "09:15"), (Monday, "09:30"), (Monday, "13:05"), (Monday.PlusDays(4), "23:30"), (Monday.PlusDays(4), "23:45")],
            slots.Select(slot => (slot.Date, slot.Local)));
        Assert.All(slots, slot => Assert.Equal([trainer.Id], slot.Trainers));
        Assert.Equal((Monday.At("09:00"), Monday.At("10:00")), (slots[0].StartsAt, slots[0].EndsAt));
        Assert.Equal(slots[0].Offset, $"{Monday.At("09:00").UtcDateTime - Monday.At(9, 0).ToDateTimeUnspecified():hh\\:mm}".Insert(0, "-"));
    }

    [Fact]
    public async Task TimeOffTakesAwayAndExtraHoursAdd()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenTrainer();
        var type = await studio.GivenSessionType();
        await studio.GivenHours(trainer, EveryDay("09:00", "12:00"));
        await studio.GivenException(trainer, "time_off", Monday.At(9, 20), Monday.At(10, 40));
        await studio.GivenException(trainer, "extra_hours", Monday.PlusDays(1).At(12, 0), Monday.PlusDays(1).At(13, 0));
        await studio.GivenException(trainer, "extra_hours", Monday.PlusDays(2).At(9, 0), Monday.PlusDays(2).At(20, 0));
        await studio.GivenException(trainer, "time_off", Monday.PlusDays(2).At(0, 0), Monday.PlusDays(4).At(11, 0));

        Assert.Equal(["10:40", "10:55"], await studio.Times(type, trainer, Monday));
        Assert.Equal("12:00", (await studio.Times(type, trainer, Monday.PlusDays(1)))[^1]);
        Assert.Empty(await studio.Slots(type, "any", Monday.PlusDays(2), Monday.PlusDays(3)));
        Assert.Equal(["11:00"], await studio.Times(type, trainer, Monday.PlusDays(4)));
    }

    [Fact]
    public async Task ASessionKeepsItsBuffersFree()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainer(), await studio.GivenClient());
        var type = await studio.GivenSessionType(before: 15, after: 30);
        await studio.GivenHours(trainer, EveryDay("09:00", "15:00"));
        await studio.Book(type, trainer, client, Monday.At("11:00"));

        // Taken from 10:45 to 12:30. A session before it has ended, with what it needs after it, by 10:45; one after it begins what it needs before it at 12:30.
        Assert.Equal(
            ["09:00", "09:15", "12:45", "13:00", "13:15", "13:30", "13:45", "14:00"], await studio.Times(type, trainer, Monday));
    }

    [Fact]
    public async Task WhatIsTooSoonOrTooFarIsNotOffered()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenTrainer();
        await studio.GivenHours(trainer, EveryDay("00:00", "00:00"));
        var type = await studio.GivenSessionType(minutes: 15, notice: 2 * 24 * 60, horizon: 5);

        var asked = TimeProvider.System.GetUtcNow();
        var slots = await studio.Slots(type, "any", Today.PlusDays(-1), Today.PlusDays(20));
        var answered = TimeProvider.System.GetUtcNow();

        Assert.InRange(slots[0].StartsAt, asked.AddDays(2), answered.AddDays(2).AddMinutes(15));
        Assert.InRange(slots[^1].StartsAt, asked.AddDays(5).AddMinutes(-15), answered.AddDays(5));
        Assert.Empty(await studio.Slots(type, "any", new LocalDate(2199, 12, 1), new LocalDate(2199, 12, 31)));
        Assert.Empty(await studio.Slots(type, "any", new LocalDate(2000, 1, 1)));
    }

    [Fact]
    public async Task WhatTakesTheTrainersTimeElsewhereIsNotSaid()
    {
        var (studio, other) = (await system.GivenStudio(), await system.GivenStudio());
        var trainer = await studio.GivenTrainer();
        await other.Admit(trainer, ServiceDefaults.Role.Trainer);
        var (type, otherType) = (await studio.GivenSessionType(), await other.GivenSessionType());
        await studio.GivenHours(trainer, EveryDay("09:00", "12:00"));
        await other.GivenHours(trainer, EveryDay("09:00", "12:00"));
        Assert.Equal(9, (await studio.Times(type, trainer, Monday)).Count);

        var booking = await other.Book(otherType, trainer, await other.GivenClient(), Monday.At("09:30"));

        Assert.Equal(["10:30", "10:45", "11:00"], await studio.Times(type, trainer, Monday));
        var answer = await (await studio.AskSlots(type, "any", Monday)).Content.ReadAsStringAsync();
        Assert.DoesNotContain(booking.GetProperty("id").GetString()!, answer, StringComparison.Ordinal);
        Assert.DoesNotContain(other.Id.ToString(), answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnTheDayTheClockSkipsAnHourNothingIsOfferedInIt()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenTrainer();
        var type = await studio.GivenSessionType(minutes: 30, horizon: 730);
        await studio.GivenHours(trainer, EveryDay("01:00", "04:00"));

        var slots = await studio.Slots(type, trainer.Id.ToString(), Change(forward: true));

        Assert.Equal(["01:00", "01:15", "01:30", "01:45", "03:00", "03:15", "03:30"], slots.Select(slot => slot.Local));
        Assert.Equal(["-05:00", "-05:00", "-05:00", "-05:00", "-04:00", "-04:00", "-04:00"], slots.Select(slot => slot.Offset));
        Assert.All(slots.Zip(slots.Skip(1)), pair => Assert.Equal(TimeSpan.FromMinutes(15), pair.Second.StartsAt - pair.First.StartsAt));
    }

    [Fact]
    public async Task OnTheDayTheClockShowsAnHourTwiceBothAreOffered()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenTrainer();
        var type = await studio.GivenSessionType(minutes: 30, horizon: 730);
        await studio.GivenHours(trainer, EveryDay("00:30", "02:30"));

        var slots = await studio.Slots(type, trainer.Id.ToString(), Change(forward: false));

        Assert.Equal(
            ["00:30 -04:00", "00:45 -04:00", "01:00 -04:00", "01:15 -04:00", "01:30 -04:00", "01:45 -04:00", "01:00 -05:00", "01:15 -05:00", "01:30 -05:00", "01:45 -05:00", "02:00 -05:00"],
            slots.Select(slot => $"{slot.Local} {slot.Offset}"));
        Assert.Equal(11, slots.Select(slot => slot.StartsAt).Distinct().Count());
    }

    [Fact]
    public async Task AnyIsWhoeverHasHoursAndGivesIt()
    {
        var studio = await system.GivenStudio();
        var (ann, bob, cid, dan) = (await studio.GivenTrainer(), await studio.GivenTrainer(), await studio.GivenTrainer(), await studio.GivenTrainer());
        await studio.GivenTrainer();
        await studio.GivenHours(ann, EveryDay("09:00", "11:00"));
        await studio.GivenHours(bob, EveryDay("10:00", "12:00"));
        await studio.GivenHours(cid, EveryDay("09:00", "10:00"));
        await studio.GivenException(dan, "extra_hours", Monday.At(11, 0), Monday.At(12, 0));
        var (all, some) = (await studio.GivenSessionType(), await studio.GivenSessionType(trainers: [ann.Id, dan.Id]));

        var slots = await studio.Slots(all, "any", Monday);
        Assert.Equal(["09:00", "09:15", "09:30", "09:45", "10:00", "10:15", "10:30", "10:45", "11:00"], slots.Select(slot => slot.Local));
        Assert.Equal(Set(ann, cid), Set(slots[0].Trainers));
        Assert.Equal(Set(ann), Set(slots[1].Trainers));
        Assert.Equal(Set(ann, bob), Set(slots[4].Trainers));
        Assert.Equal(Set(bob, dan), Set(slots[8].Trainers));

        Assert.Equal(Set(ann, dan), [.. (await studio.Slots(some, "any", Monday)).SelectMany(slot => slot.Trainers)]);
        Assert.Equal(Set(bob, cid), [.. (await studio.Slots(all, $"{bob.Id},{cid.Id}", Monday)).SelectMany(slot => slot.Trainers)]);
        Assert.Equal(Set(ann), [.. (await studio.Slots(some, $"{bob.Id},{ann.Id}", Monday)).SelectMany(slot => slot.Trainers)]);
        Assert.Empty(await studio.Slots(some, bob.Id.ToString(), Monday));
        Assert.Empty(await studio.Slots(all, studio.Owner.Id.ToString(), Monday));
    }

    [Fact]
    public async Task WhoIsNoTrainerAnyMoreIsNotOffered()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenMember("trainer");
        await studio.GivenHours(trainer, EveryDay("09:00", "11:00"));
        var type = await studio.GivenSessionType();
        Assert.Equal(5, (await studio.Slots(type, "any", Monday)).Count);

        await studio.SetRoles(trainer, "client");

        // Heard by an event; and what was kept for some seconds is forgotten with any change in the studio.
        await Eventually.Holds(async () =>
        {
            await studio.GivenSessionType();
            return (await studio.Slots(type, "any", Monday)).Count == 0;
        }, "the former trainer is not offered");
    }

    [Fact]
    public async Task OneOfTheRoomsMustBeFree()
    {
        var studio = await system.GivenStudio();
        var (ann, bob, cid) = (await studio.GivenTrainer(), await studio.GivenTrainer(), await studio.GivenTrainer());
        var (red, blue) = (await studio.GivenRoom(), await studio.GivenRoom());
        foreach (var trainer in new[] { ann, bob, cid }) await studio.GivenHours(trainer, EveryDay("09:00", "12:00"));
        var type = await studio.GivenSessionType(rooms: [red, blue]);
        await studio.Book(type, ann, await studio.GivenClient(), Monday.At("09:30"));
        Assert.Equal(9, (await studio.Times(type, cid, Monday)).Count);

        await studio.Book(type, bob, await studio.GivenClient(), Monday.At("10:00"));

        // Both rooms are taken from 10:00 to 10:30.
        Assert.Equal(["09:00", "10:30", "10:45", "11:00"], await studio.Times(type, cid, Monday));
        Assert.Equal(9, (await studio.Times(await studio.GivenSessionType(), cid, Monday)).Count);
    }

    [Fact]
    public async Task WhatIsHeldInRoomsIsNotHeldWithoutOne()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, room) = (await studio.GivenTrainer(), await studio.GivenClient(), await studio.GivenRoom());
        await studio.GivenHours(trainer, EveryDay("09:00", "12:00"));
        var type = await studio.GivenSessionType(rooms: [room]);
        Assert.Equal(9, (await studio.Times(type, trainer, Monday)).Count);

        await studio.Ask(HttpMethod.Put, $"/rooms/{room}", new { name = "Closed", is_active = false, version = 1 }).ShouldBe(HttpStatusCode.OK);

        await studio.AskSlots(type, "any", Monday).ShouldBeProblem(HttpStatusCode.Conflict, "session_types.no_room");
        await studio.Ask(HttpMethod.Post, "/bookings", new { session_type_id = type, trainer_id = trainer.Id, starts_at = Monday.At("09:00") }, client)
            .ShouldBeProblem(HttpStatusCode.Conflict, "session_types.no_room");
    }

    [Fact]
    public async Task WhatChangesIsSeenAtOnce()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainer(), await studio.GivenClient());
        var type = await studio.GivenSessionType();
        Assert.Empty(await studio.Slots(type, "any", Monday));

        await studio.GivenHours(trainer, EveryDay("09:00", "11:00"));
        Assert.Equal(5, (await studio.Slots(type, "any", Monday)).Count);

        var off = await studio.GivenException(trainer, "time_off", Monday.At(9, 0), Monday.At(10, 0));
        Assert.Equal(["10:00"], await studio.Times(type, trainer, Monday));
        await studio.Ask(HttpMethod.Delete, $"/availability/{trainer.Id}/exceptions/{off.GetProperty("id")}").ShouldBe(HttpStatusCode.OK);
        Assert.Equal(5, (await studio.Times(type, trainer, Monday)).Count);

        var booking = await studio.Book(type, trainer, client, Monday.At("09:00"));
        Assert.Equal(["10:00"], await studio.Times(type, trainer, Monday));
        await studio.Ask(HttpMethod.Post, $"/bookings/{booking.GetProperty("id")}/cancel", new { reason = "other" }).ShouldBe(HttpStatusCode.OK);
        Assert.Equal(5, (await studio.Times(type, trainer, Monday)).Count);

        var policy = await studio.Get("/policies").ShouldBe(HttpStatusCode.OK);
        var rules = policy.EnumerateObject().ToDictionary(rule => rule.Name, rule => (object)rule.Value);
        rules["slot_step_minutes"] = 30;
        await studio.Ask(HttpMethod.Put, "/policies", rules).ShouldBe(HttpStatusCode.OK);
        Assert.Equal(["09:00", "09:30", "10:00"], await studio.Times(type, trainer, Monday));
    }

    [Fact]
    public async Task WhatIsKeptIsTheSameForWhoeverAsks()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenTrainer();
        var type = await studio.GivenSessionType();
        await studio.GivenHours(trainer, EveryDay("09:00", "12:00"));

        var answers = new List<string>();
        foreach (var who in new[] { studio.Owner, trainer, await studio.GivenClient(), await system.GivenAdmin() })
            answers.Add(await (await studio.AskSlots(type, "any", Monday, Monday.PlusDays(6), who)).Content.ReadAsStringAsync());

        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task AnotherStudioSeesNothing()
    {
        var (studio, other) = (await system.GivenStudio(), await system.GivenStudio());
        var trainer = await studio.GivenTrainer();
        var type = await studio.GivenSessionType();
        await studio.GivenHours(trainer, EveryDay("09:00", "12:00"));

        await other.AskSlots(type, "any", Monday).ShouldBeProblem(HttpStatusCode.NotFound, "session_types.unknown");
        await studio.AskSlots(type, "any", Monday, who: other.Owner).ShouldBeProblem(HttpStatusCode.Forbidden, "studios.not_a_member");
        Assert.Empty(await other.Slots(await other.GivenSessionType(), trainer.Id.ToString(), Monday));
    }

    [Fact]
    public async Task WhatCannotBeBookedByTheHourHasNoSlots()
    {
        var studio = await system.GivenStudio();
        var (group, type) = (await studio.GivenSessionType(kind: "group"), await studio.GivenSessionType());

        await studio.AskSlots(group, "any", Monday).ShouldBeProblem(HttpStatusCode.Conflict, "session_types.is_a_class");
        await studio.Get($"/availability/next?session_type={group}").ShouldBeProblem(HttpStatusCode.Conflict, "session_types.is_a_class");
        await studio.AskSlots(studio.Id, "any", Monday).ShouldBeProblem(HttpStatusCode.NotFound, "session_types.unknown");
        await studio.Get($"/availability/next?session_type={studio.Id}").ShouldBeProblem(HttpStatusCode.NotFound, "session_types.unknown");

        await studio.System.Database("schedulingdb").Write("UPDATE session_types_rows SET is_active = FALSE WHERE id = @Type", ("Type", type));
        await studio.AskSlots(type, "any", Monday).ShouldBeProblem(HttpStatusCode.NotFound, "session_types.unknown");
    }

    [Fact]
    public async Task AClosedStudioHasNoSlots()
    {
        var studio = await system.GivenStudio();
        var type = await studio.GivenSessionType();
        await studio.System.Database("schedulingdb").Write("UPDATE studios_rows SET is_active = FALSE WHERE tenant_id = @Studio", ("Studio", studio.Id));

        await studio.AskSlots(type, "any", Monday).ShouldBeProblem(HttpStatusCode.Conflict, "studios.inactive");
        await studio.Get($"/availability/next?session_type={type}").ShouldBeProblem(HttpStatusCode.Conflict, "studios.inactive");
    }

    [Theory]
    [InlineData("", "session_type")]
    [InlineData("session_type=x&from=2027-03-08&to=2027-03-09", "session_type")]
    [InlineData("session_type=0197b8a0-0000-7000-8000-000000000000&to=2027-03-09", "from")]
    [InlineData("session_type=0197b8a0-0000-7000-8000-000000000000&from=2027-03-08", "to")]
    [InlineData("session_type=0197b8a0-0000-7000-8000-000000000000&from=03/08/2027&to=2027-03-09", "from")]
    [InlineData("session_type=0197b8a0-0000-7000-8000-000000000000&from=2027-02-29&to=2027-03-09", "from")]
    [InlineData("session_type=0197b8a0-0000-7000-8000-000000000000&from=2027-03-08&to=9999-12-31", "to")]
    [InlineData("session_type=0197b8a0-0000-7000-8000-000000000000&from=2027-03-08&to=2027-03-07", "to")]
    [InlineData("session_type=0197b8a0-0000-7000-8000-000000000000&from=2027-03-08&to=2027-04-19", "to")]
    [InlineData("session_type=0197b8a0-0000-7000-8000-000000000000&from=2027-03-08&to=2027-03-09&trainer=everybody", "trainer")]
    [InlineData("session_type=0197b8a0-0000-7000-8000-000000000000&from=2027-03-08&to=2027-03-09&trainer=any,any", "trainer")]
    public async Task AQuestionThatCannotBeIsRefusedByItsField(string query, string field)
    {
        var studio = await system.GivenStudio();

        var problem = await studio.Get($"/availability?{query}").ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");

        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task FortyTwoDaysAndFiftyTrainersAreAnswered()
    {
        var studio = await system.GivenStudio();
        var type = await studio.GivenSessionType();
        var fifty = string.Join(',', (await studio.GivenTrainers(50)).Select(trainer => trainer.Id));

        var answer = await studio.AskSlots(type, fifty, Monday, Monday.PlusDays(41)).ShouldBe(HttpStatusCode.OK);

        Assert.Equal(42, answer.GetProperty("data").GetArrayLength());
        await studio.AskSlots(type, $"{fifty},{studio.Id}", Monday).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
    }

    /// The next day with 23 hours, or with 25, that is far enough away for no notice to matter.
    private static LocalDate Change(bool forward)
    {
        var from = TimeProvider.System.GetUtcNow().AddDays(2);
        var years = Zone.GetZoneIntervals(new NodaTime.Interval(Instant.FromDateTimeOffset(from), Instant.FromDateTimeOffset(from.AddDays(600)))).ToArray();
        return years.Zip(years.Skip(1)).First(pair => pair.Second.WallOffset > pair.First.WallOffset == forward).Second.IsoLocalStart.Date;
    }

    private static HashSet<Guid> Set(params Person[] people) => [.. people.Select(person => person.Id)];

    private static HashSet<Guid> Set(IEnumerable<Guid> ids) => [.. ids];
}
