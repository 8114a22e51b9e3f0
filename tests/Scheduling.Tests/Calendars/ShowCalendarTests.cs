using System.Net;
using System.Text.Json;
using FitFlow.Scheduling.Tests.Classes;
using FitFlow.ServiceDefaults;
using NodaTime;

namespace FitFlow.Scheduling.Tests.Calendars;

public sealed class ShowCalendarTests(RunningSystem system)
{
    private static readonly DateTimeZone Toronto = DateTimeZoneProviders.Tzdb["America/Toronto"];

    [Fact]
    public async Task ADayHasItsSessionsAndClassesInOrder()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type, room) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType(), await studio.GivenRoom());
        var late = await studio.GivenBooking(type, trainer, client, At("2027-06-10T16:00"));
        var early = await studio.GivenBooking(type, trainer, client, At("2027-06-10T09:00"));
        await studio.GivenBooking(type, trainer, client, At("2027-06-11T00:00"));
        var yoga = (await studio.GivenClass(await studio.GivenClassType(("room_ids", new[] { room })), trainer, At("2027-06-10T12:00"), ("capacity", 12))).Id();

        var day = await Calendar(studio, studio.Owner, "view=day&date=2027-06-10");

        Assert.Equal(("day", "America/Toronto", "2027-06-10", "2027-06-10"), (day.Text("view"), day.Text("time_zone"), day.Text("first_date"), day.Text("last_date")));
        Assert.Equal((At("2027-06-10T00:00"), At("2027-06-11T00:00")), (day.Time("starts_at"), day.Time("ends_at")));
        var entries = day.GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal([early.Id(), yoga, late.Id()], entries.Select(entry => entry.Id()));
        Assert.Equal(["booking", "class", "booking"], entries.Select(entry => entry.Text("kind")));
        var first = entries[0];
        Assert.Equal(
            ("2027-06-10", "2027-06-10T09:00", "2027-06-10T10:00", At("2027-06-10T09:00"), At("2027-06-10T10:00")),
            (first.Text("date"), first.Text("starts_local"), first.Text("ends_local"), first.Time("starts_at"), first.Time("ends_at")));
        Assert.Equal(
            ("confirmed", trainer.Id, "Ada Byron", client.Id, "Ada Byron", type, "Personal training"),
            (first.Text("status"), first.Id("trainer_id"), first.Text("trainer_name"), first.Id("client_id"), first.Text("client_name"), first.Id("session_type_id"), first.Text("session_type_name")));
        Assert.Equal(
            ("scheduled", "Yoga", room, "Studio A", 12, 0),
            (entries[1].Text("status"), entries[1].Text("session_type_name"), entries[1].Id("room_id"), entries[1].Text("room_name"), entries[1].GetProperty("capacity").GetInt32(), entries[1].GetProperty("seats_taken").GetInt32()));
        Assert.Empty(day.GetProperty("days").EnumerateArray());
    }

    [Theory]
    [InlineData("2027-03-10", "2027-03-08", "2027-03-14", 167)] // The clocks go forward on Sunday.
    [InlineData("2027-03-14", "2027-03-08", "2027-03-14", 167)]
    [InlineData("2027-11-01", "2027-11-01", "2027-11-07", 169)] // And back.
    [InlineData("2026-12-31", "2026-12-28", "2027-01-03", 168)]
    public async Task AWeekIsFromMondayToSundayByTheStudiosClock(string date, string first, string last, int hours)
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        string[] at = [$"{first}T00:00", $"{last}T10:00", $"{last}T22:00"];
        foreach (var local in at) await studio.GivenBooking(type, trainer, client, At(local));
        await studio.GivenBooking(type, trainer, await studio.GivenClient(), At($"{first}T00:00").AddHours(-1));

        var week = await Calendar(studio, trainer, $"view=week&date={date}");

        Assert.Equal((first, last), (week.Text("first_date"), week.Text("last_date")));
        Assert.Equal(TimeSpan.FromHours(hours), week.Time("ends_at") - week.Time("starts_at"));
        Assert.Equal(at, week.GetProperty("entries").EnumerateArray().Select(entry => entry.Text("starts_local")));
        Assert.Equal(7, week.GetProperty("days").GetArrayLength());
        Assert.Equal(TimeSpan.FromHours(hours), week.GetProperty("days").EnumerateArray().SelectMany(day => day.GetProperty("working").EnumerateArray())
            .Aggregate(TimeSpan.Zero, (sum, part) => sum + (part.Time("ends_at") - part.Time("starts_at"))));
    }

    [Theory]
    [InlineData("2026-12-15", "2026-12-01", "2026-12-31")]
    [InlineData("2028-02-29", "2028-02-01", "2028-02-29")]
    public async Task AMonthEndsWithItsLastDay(string date, string first, string last)
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var inside = new[] { $"{first}T00:00", $"{last}T23:00" };
        foreach (var local in inside) await studio.GivenBooking(type, trainer, client, At(local));
        await studio.GivenBooking(type, trainer, await studio.GivenClient(), At($"{last}T23:00").AddHours(1));

        var month = await Calendar(studio, client, $"view=month&date={date}");

        Assert.Equal((first, last), (month.Text("first_date"), month.Text("last_date")));
        Assert.Equal(inside, month.GetProperty("entries").EnumerateArray().Select(entry => entry.Text("starts_local")));
    }

    [Fact]
    public async Task WhatReachesInIsThereAndWhatWasCancelledForWhoAsks()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var over = (await studio.GivenBooking(type, trainer, client, At("2027-06-09T23:30"))).Id();
        var cancelled = (await studio.GivenBooking(type, trainer, client, At("2027-06-10T09:00"))).Id();
        await studio.Post(trainer, $"/api/v1/bookings/{cancelled}/cancel", new { reason = "weather" }).Ok();

        Assert.Equal([over], Ids(await Calendar(studio, trainer, "view=day&date=2027-06-10")));
        Assert.Equal([over, cancelled], Ids(await Calendar(studio, trainer, "view=day&date=2027-06-10&cancelled=true")));
        Assert.Equal([over], Ids(await Calendar(studio, trainer, "view=day&date=2027-06-09")));
        Assert.Empty(Ids(await Calendar(studio, trainer, "view=day&date=2027-06-08")));
    }

    [Fact]
    public async Task ATrainersDaysAreShadedByTheirHoursAndTimeOff()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenTrainer();
        await studio.Works(trainer, "09:00", "17:00");
        await studio.Post(trainer, $"/api/v1/availability/{trainer.Id}/exceptions", new { kind = "time_off", starts_local = "2027-06-10T12:00", ends_local = "2027-06-11T10:00" }).Created();

        var days = (await Calendar(studio, trainer, "view=week&date=2027-06-10")).GetProperty("days").EnumerateArray().ToDictionary(day => day.Text("date"));

        Assert.Equal(["2027-06-09T09:00–2027-06-09T17:00"], Parts(days["2027-06-09"], "working"));
        Assert.Equal(["2027-06-10T09:00–2027-06-10T12:00"], Parts(days["2027-06-10"], "working"));
        Assert.Equal(["2027-06-10T12:00–2027-06-11T00:00"], Parts(days["2027-06-10"], "time_off"));
        Assert.Equal(["2027-06-11T10:00–2027-06-11T17:00"], Parts(days["2027-06-11"], "working"));
        Assert.Equal(["2027-06-11T00:00–2027-06-11T10:00"], Parts(days["2027-06-11"], "time_off"));
    }

    [Fact]
    public async Task WhatATrainerDoesElsewhereIsBusyAndNoMore()
    {
        var (here, there) = (await system.GivenStudio(), await system.GivenStudio());
        var trainer = await there.Admit(await here.GivenTrainerAtWork(), Role.Trainer);
        await there.WorksAlways(trainer);
        var type = await there.GivenSessionType(("buffer_before_minutes", 15));
        await there.GivenBooking(type, trainer, await there.GivenClient(), At("2027-06-10T12:00"));
        // Ours takes its buffers as well: they are not said twice.
        var own = (await here.GivenBooking(await here.GivenSessionType(("buffer_after_minutes", 30)), trainer, await here.GivenClient(), At("2027-06-10T09:00"))).Id();

        var entries = (await Calendar(here, here.Owner, $"view=day&date=2027-06-10&trainer_id={trainer.Id}")).GetProperty("entries").EnumerateArray().ToList();

        Assert.Equal([own], Ids(entries.Take(1)));
        var busy = Assert.Single(entries.Skip(1));
        Assert.Equal(("busy", At("2027-06-10T11:45"), At("2027-06-10T13:00")), (busy.Text("kind"), busy.Time("starts_at"), busy.Time("ends_at")));
        Assert.Equal(
            ["kind", "date", "starts_local", "ends_local", "starts_at", "ends_at"],
            busy.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null).Select(field => field.Name));
        Assert.Equal([own], Ids(await Calendar(here, here.Owner, "view=day&date=2027-06-10")));
    }

    [Fact]
    public async Task EverybodySeesWhatIsTheirs()
    {
        var (studio, other) = (await system.GivenStudio(), await system.GivenStudio());
        var (trainers, clients, room) = (await studio.GivenTrainersAtWork(2), await studio.GivenClients(2), await studio.GivenRoom());
        var type = await studio.GivenSessionType(("room_ids", new[] { room }));
        await studio.Assign(trainers[0], clients[0]);
        var ids = new List<Guid>();
        for (var i = 0; i < 4; i++) ids.Add((await studio.GivenBooking(type, trainers[i / 2], clients[i % 2], At("2027-06-10T09:00").AddHours(i))).Id());
        const string Day = "view=day&date=2027-06-10";

        Assert.Equal(ids, Ids(await Calendar(studio, studio.Owner, Day)));
        Assert.Equal(ids, Ids(await Calendar(studio, studio.Owner, $"{Day}&room_id={room}")));
        Assert.Equal([ids[0], ids[1]], Ids(await Calendar(studio, trainers[0], Day)));
        Assert.Equal([ids[0], ids[2]], Ids(await Calendar(studio, trainers[0], $"{Day}&client_id={clients[0].Id}")));
        Assert.Equal([ids[1], ids[3]], Ids(await Calendar(studio, clients[1], Day)));
        Assert.Equal([ids[3]], Ids(await Calendar(studio, clients[1], $"{Day}&client_id={clients[1].Id}&trainer_id={trainers[1].Id}")));
        Assert.Empty(Ids(await Calendar(other, other.Owner, $"{Day}&trainer_id={trainers[0].Id}")));

        var taken = (await Calendar(studio, trainers[0], $"{Day}&room_id={room}")).GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(["booking", "booking", "taken", "taken"], taken.Select(entry => entry.Text("kind")));
        Assert.Equal(
            ["kind", "date", "starts_local", "ends_local", "starts_at", "ends_at", "room_id", "room_name"],
            taken[2].EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null).Select(field => field.Name));

        foreach (var (by, query) in new[]
        {
            (trainers[0], $"trainer_id={trainers[1].Id}"), (trainers[0], $"client_id={clients[1].Id}"), (clients[0], $"client_id={clients[1].Id}"),
            (clients[0], $"trainer_id={trainers[0].Id}"), (clients[0], $"room_id={room}"),
        })
        {
            await studio.Get(by, $"/api/v1/calendar?{Day}&{query}").Refused(HttpStatusCode.Forbidden, "calendar.not_yours");
        }

        await studio.Get(other.Owner, $"/api/v1/calendar?{Day}").Refused(HttpStatusCode.Forbidden, "studios.not_a_member");
    }

    [Fact]
    public async Task AClientSeesTheClassesTheyAreIn()
    {
        var studio = await system.GivenStudio();
        var (trainer, people, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClients(2), await studio.GivenClassType());
        var id = (await studio.GivenClass(type, trainer, At("2027-06-10T18:00"), ("capacity", 1))).Id();
        await studio.GivenClass(type, trainer, At("2027-06-10T20:00"));
        await studio.GivenEnrolled(id, people);

        foreach (var (person, place) in people.Zip(["enrolled", "waitlisted"]))
        {
            var entry = Assert.Single((await Calendar(studio, person, "view=day&date=2027-06-10")).GetProperty("entries").EnumerateArray());
            Assert.Equal((id, "class", "scheduled", place), (entry.Id(), entry.Text("kind"), entry.Text("status"), entry.Text("enrolment")));
        }

        Assert.Equal(2, Ids(await Calendar(studio, trainer, "view=day&date=2027-06-10")).Count());
    }

    [Theory]
    [InlineData("view=day&date=2027-02-30")]
    [InlineData("view=day&date=tomorrow")]
    [InlineData("view=year")]
    [InlineData("trainer_id=1")]
    public async Task WhatCannotBeReadIsRefused(string query)
    {
        var studio = await system.GivenStudio();

        await studio.Get(studio.Owner, $"/api/v1/calendar?{query}").Refused(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task WithoutAQuestionItIsThisWeeks()
    {
        var studio = await system.GivenStudio();

        var week = await Calendar(studio, studio.Owner, "");

        var today = Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()).InZone(Toronto).Date;
        Assert.Equal(("week", today.With(DateAdjusters.PreviousOrSame(IsoDayOfWeek.Monday)).ToString("uuuu-MM-dd", null)), (week.Text("view"), week.Text("first_date")));
    }

    private static async Task<JsonElement> Calendar(Studio studio, Person by, string query) => await studio.Get(by, $"/api/v1/calendar?{query}").Ok();

    private static IEnumerable<Guid> Ids(JsonElement calendar) => Ids(calendar.GetProperty("entries").EnumerateArray());

    private static IEnumerable<Guid> Ids(IEnumerable<JsonElement> entries) => entries.Where(entry => entry.Text("kind") != "busy").Select(entry => entry.Id());

    private static IEnumerable<string> Parts(JsonElement day, string name) =>
        day.GetProperty(name).EnumerateArray().Select(part => $"{part.Text("starts_local")}–{part.Text("ends_local")}");

    private static DateTimeOffset At(string local) =>
        Toronto.AtLeniently(LocalDateTime.FromDateTime(DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture))).ToDateTimeOffset().ToUniversalTime();
}
