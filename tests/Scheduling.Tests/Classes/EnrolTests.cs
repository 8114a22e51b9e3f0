using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace FitFlow.Scheduling.Tests.Classes;

public sealed class EnrolTests(RunningSystem system)
{
    [Fact]
    public async Task ASeatTakesTheClientsTimeAndIsTold()
    {
        var studio = await system.GivenStudio();
        var (it, trainer, _) = await studio.GivenYoga(capacity: 2);
        var client = await studio.GivenClient();

        var enrolled = await studio.Enrol(it, client).Created();

        var at = enrolled.Time("starts_at");
        Assert.Equal(("enrolled", "due", client.Id), (enrolled.Text("status"), enrolled.Text("payment_status"), enrolled.Id("client_id")));
        Assert.Equal((at.AddDays(-1), at), (enrolled.Time("cancel_free_until"), enrolled.Time("cancel_until")));
        Assert.Equal((4500, JsonValueKind.Null), (enrolled.GetProperty("price").GetProperty("amount").GetInt32(), enrolled.GetProperty("position").ValueKind));
        Assert.Equal([trainer.Id, client.Id], (await system.TimeTakenBy(it)).ToHashSet());
        Assert.Equal(2, await system.RemindersOf(it, client));
        Assert.Equal((1, "enrolled"), ((await studio.Look(it, client)).GetProperty("seats_left").GetInt32(), await studio.StatusOf(it, client)));
        var (date, time) = ClassStory.Local(at);
        Assert.Equal(
            [$$"""{"class_id":"{{it}}","enrolment_id":"{{enrolled.Id()}}","client_id":"{{client.Id}}","trainer_id":"{{trainer.Id}}","studio_id":"{{studio.Id}}","class_date":"{{date}}","start_time":"{{time}}","starts_at":"{{at:yyyy-MM-ddTHH:mm:ss}}+00:00"}"""],
            await system.Told("class.enrolled", it));
    }

    [Fact]
    public async Task WithoutASeatThereIsTheLine()
    {
        var studio = await system.GivenStudio();
        var (it, trainer, _) = await studio.GivenYoga(capacity: 1);
        var people = await studio.GivenClients(4);
        await studio.Enrol(it, people[0]).Created();

        var first = await studio.Enrol(it, people[1]).Created();
        var second = await studio.Enrol(it, people[2]).Created();
        await studio.Enrol(it, people[3], waitlist: false).Refused(HttpStatusCode.Conflict, "classes.full");

        Assert.Equal(("waitlisted", "none", 1), (first.Text("status"), first.Text("payment_status"), first.GetProperty("position").GetInt32()));
        Assert.Equal(2, second.GetProperty("position").GetInt32());
        var seen = await studio.Look(it, people[2]);
        Assert.Equal((0, 2, 2), (seen.GetProperty("seats_left").GetInt32(), seen.GetProperty("waiting").GetInt32(), seen.GetProperty("my_position").GetInt32()));

        // Who waits is free to be elsewhere, and is not reminded.
        Assert.Equal([trainer.Id, people[0].Id], (await system.TimeTakenBy(it)).ToHashSet());
        Assert.Equal(0, await system.RemindersOf(it, people[1]));
        var at = first.Time("starts_at");
        var (date, time) = ClassStory.Local(at);
        Assert.Equal(
            [.. new (JsonElement Of, Person Who, int Position)[] { (first, people[1], 1), (second, people[2], 2) }.Select(waits =>
                $$"""{"class_id":"{{it}}","enrolment_id":"{{waits.Of.Id()}}","client_id":"{{waits.Who.Id}}","trainer_id":"{{trainer.Id}}","studio_id":"{{studio.Id}}","class_date":"{{date}}","start_time":"{{time}}","starts_at":"{{at:yyyy-MM-ddTHH:mm:ss}}+00:00","position":{{waits.Position}}}""")],
            await system.Told("class.waitlisted", it));
    }

    [Fact]
    public async Task WhoIsInAlreadyIsTold()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 1);
        var people = await studio.GivenClients(2);
        await studio.GivenEnrolled(it, people);

        var seated = await studio.Enrol(it, people[0]).Refused(HttpStatusCode.Conflict, "classes.already_enrolled");
        var waiting = await studio.Enrol(it, people[1]).Refused(HttpStatusCode.Conflict, "classes.already_enrolled");

        Assert.Equal("enrolled", seated.GetProperty("current").Text("status"));
        Assert.Equal(("waitlisted", 1), (waiting.GetProperty("current").Text("status"), waiting.GetProperty("current").GetProperty("position").GetInt32()));
        Assert.Single(await system.Told("class.enrolled", it));
    }

    [Fact]
    public async Task NobodyIsInAClassAndElsewhere()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 2);
        var people = await studio.GivenClients(2);
        var at = (await studio.Look(it)).Time("starts_at");
        var (other, session) = (await studio.GivenTrainer(), await studio.GivenSessionType());
        await studio.GivenBooking(session, other, people[0], at.AddMinutes(30));
        await studio.Enrol(it, people[1]).Created();

        await studio.Enrol(it, people[0]).Refused(HttpStatusCode.Conflict, "classes.busy");
        await studio.Book(studio.Owner, session, other, at.AddMinutes(-30), ("client_id", people[1].Id), ("outside_hours", true))
            .Refused(HttpStatusCode.Conflict, "bookings.client_busy");

        Assert.Equal([(people[1].Id, "enrolled")], await studio.Roster(it));
    }

    [Fact]
    public async Task ClientsComeInBetweenHorizonAndNoticeAndNobodyAfterItHasBegun()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainer(), await studio.GivenClient());
        var type = await studio.GivenClassType(("notice_minutes", 120), ("horizon_days", 5));
        var soon = (await studio.GivenClass(type, trainer, SchedulingStory.At(days: 3, hour: 18))).Id();
        var late = (await studio.GivenClass(type, trainer, SchedulingStory.At(days: 7, hour: 18))).Id();

        await studio.Enrol(late, client).Refused(HttpStatusCode.Conflict, "classes.too_far");
        await system.Begins(soon, TimeSpan.FromMinutes(119));
        await studio.Enrol(soon, client).Refused(HttpStatusCode.Conflict, "classes.too_soon");
        await studio.Enrol(late, client, by: studio.Owner).Created();
        await studio.Enrol(soon, await studio.GivenClient(), by: trainer).Created();

        await system.Begins(soon, TimeSpan.FromSeconds(-1));
        await studio.Enrol(soon, client).Refused(HttpStatusCode.Conflict, "classes.begun");
        await studio.Enrol(soon, client, by: studio.Owner).Refused(HttpStatusCode.Conflict, "classes.begun");
        await studio.Post(studio.Owner, $"/api/v1/classes/{late}/cancel", new { reason = "weather" }).Ok();
        await studio.Enrol(late, await studio.GivenClient(), by: studio.Owner).Refused(HttpStatusCode.Conflict, "classes.cancelled");
    }

    [Fact]
    public async Task ForOthersOnlyByThoseWhoGiveItOrRunTheStudio()
    {
        var studio = await system.GivenStudio();
        var (it, trainer, _) = await studio.GivenYoga(capacity: 5);
        var people = await studio.GivenClients(3);
        var other = await studio.GivenTrainer();

        await studio.Enrol(it, people[0], by: people[1]).Refused(HttpStatusCode.Forbidden, "classes.not_yours");
        await studio.Enrol(it, people[0], by: other).Refused(HttpStatusCode.Forbidden, "classes.not_yours");
        await studio.Enrol(it, people[0], by: trainer).Created();
        await studio.Enrol(it, people[1], by: studio.Owner).Created();
        await studio.Enrol(it, people[2], by: await system.GivenAdmin()).Created();

        await studio.Enrol(it, other, by: studio.Owner).Refused(HttpStatusCode.BadRequest, "classes.unknown_client");
        await studio.Enrol(it, trainer, by: studio.Owner).Refused(HttpStatusCode.BadRequest, "request.invalid");
        var elsewhere = await system.GivenStudio();
        await elsewhere.Enrol(it, await elsewhere.GivenClient()).Refused(HttpStatusCode.NotFound, "classes.unknown");
        await elsewhere.Enrol(it, people[0], by: people[0]).Refused(HttpStatusCode.Forbidden, "studios.not_a_member");
    }

    [Fact]
    public async Task ForAProgramClassTrainingIsAsked()
    {
        var studio = await system.GivenStudio();
        var (trainer, inProgram, without) = (await studio.GivenTrainer(), await studio.GivenClient(), await studio.GivenClient());
        var type = await studio.GivenClassType(("requires_program", true));
        var it = (await studio.GivenClass(type, trainer, SchedulingStory.At(days: 3, hour: 18))).Id();
        await system.Training.Says(inProgram.Id, ProgramAnswer.Active);

        await studio.Enrol(it, inProgram).Created();
        await studio.Enrol(it, without).Refused(HttpStatusCode.Conflict, "classes.no_active_program");
    }

    [Fact]
    public async Task ALineHasAnEnd()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 1);
        await studio.GivenEnrolled(it, await studio.GivenClients(2));
        await system.Database("schedulingdb").Write(
            """
            INSERT INTO enrolments_rows (
                tenant_id, id, class_id, owner_id, status, starts_at, place, cancel_free_until, cancel_until, payment_status, price_amount, price_currency,
                enrolled_by, enrolled_at, updated_at)
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 499)
            SELECT tenant_id, UNHEX(REPLACE(UUID(), '-', '')), class_id, UNHEX(LPAD(HEX(n), 32, '0')), 'waitlisted', starts_at, n + 2,
                   cancel_free_until, cancel_until, 'none', 0, 'CAD', enrolled_by, enrolled_at, updated_at
            FROM enrolments_rows, numbers
            WHERE class_id = @it AND status = 'enrolled'
            """, ("it", it));

        await studio.Enrol(it, await studio.GivenClient()).Refused(HttpStatusCode.Conflict, "classes.line_full");
    }

    [Fact]
    public async Task TheSameKeyEnrolsOnceAndSaysTheSame()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 5);
        using var http = studio.Http(await studio.GivenClient());
        http.DefaultRequestHeaders.Add("Idempotency-Key", "an-intention");

        var answers = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            using var answer = await http.PostAsJsonAsync($"/api/v1/classes/{it}/enrol", new { });
            answer.ShouldBe(HttpStatusCode.Created);
            answers.Add(await answer.Content.ReadAsStringAsync());
        }

        Assert.Single(answers.Distinct());
        Assert.Single(await system.Told("class.enrolled", it));
    }

    [Fact]
    public async Task WhoLeftComesInAnew()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 1);
        var client = await studio.GivenClient();
        var before = (await studio.Enrol(it, client).Created()).Id();
        await studio.Leave(it, client).Ok();

        var after = (await studio.Enrol(it, client).Created()).Id();

        Assert.NotEqual(before, after);
        Assert.Equal([(client.Id, "enrolled")], await studio.Roster(it));
        Assert.Equal(2, (await system.Told("class.enrolled", it)).Count);
    }
}
