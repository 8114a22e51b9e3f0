using System.Globalization;
using System.Net;
using System.Net.Http.Json;

namespace FitFlow.Scheduling.Tests.Bookings;

public sealed class BookSessionTests(RunningSystem system)
{
    [Fact]
    public async Task TakesAnHourAndTellsOfIt()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainerAtWork(), await studio.GivenClient());
        var type = await studio.GivenSessionType();
        var at = SchedulingStory.At(days: 3, hour: 14);

        using var answer = await studio.Book(client, type, trainer, at);
        answer.ShouldBe(HttpStatusCode.Created);
        var booked = await answer.Read();

        var id = booked.Id();
        Assert.Equal($"/api/v1/bookings/{id}", answer.Headers.Location!.OriginalString);
        Assert.Equal(("confirmed", "due", "one_on_one"), (booked.Text("status"), booked.Text("payment_status"), booked.Text("type")));
        Assert.Equal((at, at.AddHours(1)), (booked.Time("starts_at"), booked.Time("ends_at")));
        Assert.Equal((at.AddDays(-1), at), (booked.Time("cancel_free_until"), booked.Time("cancel_until")));
        Assert.Equal(4500, booked.GetProperty("price").GetProperty("amount").GetInt64());
        var seen = await studio.Get(client, $"/api/v1/bookings/{id}").Ok();
        Assert.Equal(("Ada Byron", "Ada Byron"), (seen.Text("client_name"), seen.Text("trainer_name")));

        var day = TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById("America/Toronto")).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Assert.Equal(
            [$$"""{"booking_id":"{{id}}","client_id":"{{client.Id}}","trainer_id":"{{trainer.Id}}","studio_id":"{{studio.Id}}","booking_date":"{{day}}","start_time":"14:00:00","end_time":"15:00:00","type":"one_on_one","starts_at":"{{at:yyyy-MM-ddTHH:mm:ss}}+00:00","ends_at":"{{at.AddHours(1):yyyy-MM-ddTHH:mm:ss}}+00:00","session_type_id":"{{type}}","room_id":null,"series_id":null}"""],
            await system.Told("booking.created", id));
    }

    [Fact]
    public async Task ATakenHourIsRefusedWithTheThreeNearestFreeOnes()
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainerAtWork(), await studio.GivenSessionType());
        var (first, second) = (await studio.GivenClient(), await studio.GivenClient());
        var at = SchedulingStory.At(days: 3, hour: 10);
        await studio.Book(first, type, trainer, at).Created();

        var refused = await studio.Book(second, type, trainer, at).Refused(HttpStatusCode.Conflict, "bookings.slot_taken");

        var alternatives = refused.GetProperty("alternatives").EnumerateArray().Select(slot => slot.Time("starts_at")).ToList();
        Assert.Equal([at.AddHours(-1), at.AddHours(1), at.AddHours(-1.25)], alternatives);
        await studio.Book(second, type, trainer, alternatives[1]).Created();
    }

    [Theory]
    [InlineData(-59)]
    [InlineData(-30)]
    [InlineData(0)]
    [InlineData(59)]
    public async Task WhatOverlapsIsTaken(int minutes)
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainerAtWork(), await studio.GivenSessionType());
        var at = SchedulingStory.At(days: 3, hour: 10);
        await studio.Book(await studio.GivenClient(), type, trainer, at).Created();

        await studio.Book(await studio.GivenClient(), type, trainer, at.AddMinutes(minutes)).Refused(HttpStatusCode.Conflict, "bookings.slot_taken");
    }

    [Fact]
    public async Task TheNextSessionBeginsWhenTheLastOneEnds()
    {
        var studio = await system.GivenStudio();
        var (trainer, type, client) = (await studio.GivenTrainerAtWork(), await studio.GivenSessionType(), await studio.GivenClient());
        var at = SchedulingStory.At(days: 3, hour: 10);
        await studio.Book(client, type, trainer, at).Created();

        await studio.Book(client, type, trainer, at.AddHours(1)).Created();
        await studio.Book(client, type, trainer, at.AddHours(-1)).Created();
    }

    [Fact]
    public async Task ATrainerIsNotInTwoStudiosAtOnceAndNeitherLearnsOfTheOther()
    {
        var (here, there) = (await system.GivenStudio(), await system.GivenStudio());
        var trainer = await here.GivenTrainer();
        trainer = await there.Admit(trainer, FitFlow.ServiceDefaults.Role.Trainer);
        await here.WorksAlways(trainer);
        await there.WorksAlways(trainer);
        var at = SchedulingStory.At(days: 3, hour: 10);
        var booked = await here.Book(await here.GivenClient(), await here.GivenSessionType(), trainer, at).Created();

        using var answer = await there.Book(await there.GivenClient(), await there.GivenSessionType(), trainer, at.AddMinutes(30));

        await answer.ShouldBeProblem(HttpStatusCode.Conflict, "bookings.slot_taken");
        Assert.DoesNotContain(here.Id.ToString(), await answer.Content.ReadAsStringAsync());
        await there.Get(there.Owner, $"/api/v1/bookings/{booked.Id()}").Refused(HttpStatusCode.NotFound, "bookings.unknown");
    }

    [Fact]
    public async Task AClientIsNotInTwoPlacesAtOnce()
    {
        var (here, there) = (await system.GivenStudio(), await system.GivenStudio());
        var client = await there.Admit(await here.GivenClient(), FitFlow.ServiceDefaults.Role.Client);
        var at = SchedulingStory.At(days: 3, hour: 10);
        await here.Book(client, await here.GivenSessionType(), await here.GivenTrainerAtWork(), at).Created();

        await there.Book(client, await there.GivenSessionType(), await there.GivenTrainerAtWork(), at.AddMinutes(30))
            .Refused(HttpStatusCode.Conflict, "bookings.client_busy");
    }

    [Fact]
    public async Task ARoomHoldsOneSessionAndTheNextFreeOneIsFound()
    {
        var studio = await system.GivenStudio();
        var trainers = await studio.GivenTrainersAtWork(3);
        Guid[] rooms = [await studio.GivenRoom(), await studio.GivenRoom()];
        var type = await studio.GivenSessionType(("room_ids", rooms));
        var at = SchedulingStory.At(days: 3, hour: 10);

        var first = await studio.Book(await studio.GivenClient(), type, trainers[0], at).Created();
        var second = await studio.Book(await studio.GivenClient(), type, trainers[1], at).Created();

        Assert.Equal((rooms[0], rooms[1]), (first.Id("room_id"), second.Id("room_id")));
        await studio.Book(await studio.GivenClient(), type, trainers[2], at).Refused(HttpStatusCode.Conflict, "bookings.slot_taken");
    }

    [Fact]
    public async Task BuffersAreKeptFree()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainerAtWork(), await studio.GivenClient());
        var type = await studio.GivenSessionType(("buffer_before_minutes", 5), ("buffer_after_minutes", 10));
        var at = SchedulingStory.At(days: 3, hour: 10);
        await studio.Book(client, type, trainer, at).Created();

        await studio.Book(client, type, trainer, at.AddMinutes(74)).Refused(HttpStatusCode.Conflict, "bookings.slot_taken");
        await studio.Book(client, type, trainer, at.AddMinutes(75)).Created();
    }

    [Fact]
    public async Task HoursBindClientsAndNotThoseWhoWorkHere()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainer(), await studio.GivenClient(), await studio.GivenSessionType());
        await studio.Works(trainer, "09:00", "17:00");
        var evening = SchedulingStory.At(days: 3, hour: 16, minute: 30);

        await studio.Book(client, type, trainer, evening).Refused(HttpStatusCode.Conflict, "bookings.outside_hours");
        await studio.Book(client, type, trainer, evening, ("outside_hours", true)).Refused(HttpStatusCode.Conflict, "bookings.outside_hours");
        await studio.Book(studio.Owner, type, trainer, evening, ("client_id", client.Id), ("outside_hours", true)).Created();
    }

    [Fact]
    public async Task NoticeAndHorizonBindClients()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainerAtWork(), await studio.GivenClient());
        var type = await studio.GivenSessionType(("notice_minutes", 7 * 24 * 60), ("horizon_days", 10));

        await studio.Book(client, type, trainer, SchedulingStory.At(days: -1, hour: 10)).Refused(HttpStatusCode.Conflict, "bookings.in_the_past");
        await studio.Book(client, type, trainer, SchedulingStory.At(days: 3, hour: 10)).Refused(HttpStatusCode.Conflict, "bookings.too_soon");
        await studio.Book(client, type, trainer, SchedulingStory.At(days: 12, hour: 10)).Refused(HttpStatusCode.Conflict, "bookings.too_far");
        await studio.Book(client, type, trainer, SchedulingStory.At(days: 9, hour: 10)).Created();
    }

    [Fact]
    public async Task OneBooksForOneselfAndTrainersForThoseWhomTheyTrain()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var other = await studio.GivenTrainerAtWork();
        var at = SchedulingStory.At(days: 3, hour: 10);
        (string, object?) forClient = ("client_id", client.Id);

        await studio.Book(await studio.GivenClient(), type, trainer, at, forClient).Refused(HttpStatusCode.Forbidden, "bookings.not_yours");
        await studio.Book(trainer, type, trainer, at, forClient).Refused(HttpStatusCode.Forbidden, "bookings.not_yours");
        await studio.Assign(trainer, client);
        await Eventually.Holds(async () =>
        {
            using var answer = await studio.Book(trainer, type, trainer, at, forClient);
            return answer.StatusCode == HttpStatusCode.Created;
        }, "Scheduling has heard who trains the client");
        await studio.Book(trainer, type, other, at.AddHours(2), forClient).Refused(HttpStatusCode.Forbidden, "bookings.not_yours");
        await studio.Book(studio.Owner, type, other, at.AddHours(2), forClient).Created();
    }

    [Fact]
    public async Task OnlyPeopleOfTheStudioTakePart()
    {
        var (studio, other) = (await system.GivenStudio(), await system.GivenStudio());
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var at = SchedulingStory.At(days: 3, hour: 10);

        await studio.Book(client, type, await other.GivenTrainerAtWork(), at).Refused(HttpStatusCode.BadRequest, "bookings.unknown_trainer");
        await studio.Book(client, type, client, at).Refused(HttpStatusCode.BadRequest, "request.invalid");
        await studio.Book(studio.Owner, type, trainer, at, ("client_id", (await other.GivenClient()).Id)).Refused(HttpStatusCode.BadRequest, "bookings.unknown_client");
        await studio.Book(await other.GivenClient(), type, trainer, at).Refused(HttpStatusCode.Forbidden, "studios.not_a_member");
        await other.Book(await other.GivenClient(), type, trainer, at).Refused(HttpStatusCode.NotFound, "session_types.unknown");
    }

    [Fact]
    public async Task WithoutATrainerWhoHasLeastToDoThatDayTakesIt()
    {
        var studio = await system.GivenStudio();
        var trainers = await studio.GivenTrainersAtWork(3);
        var type = await studio.GivenSessionType();
        await studio.Book(await studio.GivenClient(), type, trainers[0], SchedulingStory.At(days: 3, hour: 8)).Created();
        await studio.Book(await studio.GivenClient(), type, trainers[1], SchedulingStory.At(days: 3, hour: 10)).Created();

        var booked = new List<Guid>();
        for (var i = 0; i < 2; i++) booked.Add((await studio.Book(await studio.GivenClient(), type, trainer: null, SchedulingStory.At(days: 3, hour: 10)).Created()).Id("trainer_id"));

        Assert.Equal([trainers[2].Id, trainers[0].Id], booked);
        await studio.Book(await studio.GivenClient(), type, trainer: null, SchedulingStory.At(days: 3, hour: 10)).Refused(HttpStatusCode.Conflict, "bookings.slot_taken");
    }

    [Fact]
    public async Task WhatIsNotOfferedIsNotBooked()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainerAtWork(), await studio.GivenClient());
        var at = SchedulingStory.At(days: 3, hour: 10);

        await studio.Book(client, Guid.CreateVersion7(at), trainer, at).Refused(HttpStatusCode.NotFound, "session_types.unknown");
        var yoga = await studio.GivenSessionType(("kind", "group"), ("capacity", 12));
        await studio.Book(client, yoga, trainer, at).Refused(HttpStatusCode.Conflict, "session_types.is_a_class");
        var others = await studio.GivenSessionType(("trainer_ids", new[] { (await studio.GivenTrainer()).Id }));
        await studio.Book(client, others, trainer, at).Refused(HttpStatusCode.Conflict, "session_types.not_given");
        await studio.Book(client, await studio.GivenSessionType(), trainer, at.AddSeconds(1)).Refused(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task ForAProgramSessionTrainingIsAsked()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainerAtWork(), await studio.GivenClient());
        var type = await studio.GivenSessionType(("requires_program", true));
        var at = SchedulingStory.At(days: 3, hour: 10);

        await studio.Book(client, type, trainer, at).Refused(HttpStatusCode.Conflict, "bookings.no_active_program");
        await system.Training.Says(client.Id, ProgramAnswer.Active);
        await Eventually.Holds(async () =>
        {
            using var answer = await studio.Book(client, type, trainer, at);
            return answer.StatusCode == HttpStatusCode.Created;
        }, "the program is seen");
    }

    [Fact]
    public async Task TheSameKeyBooksOnce()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var request = new { session_type_id = type, trainer_id = trainer.Id, starts_at = SchedulingStory.At(days: 3, hour: 10) };
        using var http = studio.Http(client);
        http.DefaultRequestHeaders.Add("Idempotency-Key", "an-intention");

        var first = await http.PostAsJsonAsync("/api/v1/bookings", request);
        var again = await http.PostAsJsonAsync("/api/v1/bookings", request);
        var other = await http.PostAsJsonAsync("/api/v1/bookings", request with { starts_at = SchedulingStory.At(days: 4, hour: 10) });

        first.ShouldBe(HttpStatusCode.Created);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.Created, first.Headers.Location), (again.StatusCode, again.Headers.Location));
        await other.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency.key_reused");
        Assert.Single((await studio.Get(client, "/api/v1/bookings").Ok()).GetProperty("data").EnumerateArray());
    }
}
