using System.Net;

namespace FitFlow.Scheduling.Tests.Races;

/// Many want the same hour at the same moment.
public sealed class BookingRaceTests(RunningSystem system)
{
    [Fact]
    public async Task OfAThousandRacersForOneHourExactlyOneWins()
    {
        var studio = await system.GivenStudio();
        var (trainer, type, at) = (await studio.GivenTrainerAtWork(), await studio.GivenSessionType(), SchedulingStory.At(days: 3, hour: 10));
        var racers = await studio.GivenClients(1_000);

        var answers = await Task.WhenAll(racers.Select(racer => studio.Book(racer, type, trainer, at)));

        Assert.Equal(
            new Dictionary<HttpStatusCode, int> { [HttpStatusCode.Created] = 1, [HttpStatusCode.Conflict] = 999 },
            answers.CountBy(answer => answer.StatusCode).ToDictionary());
        foreach (var loser in answers.Where(answer => answer.StatusCode == HttpStatusCode.Conflict))
            Assert.Equal(3, (await loser.ShouldBeProblem(HttpStatusCode.Conflict, "bookings.slot_taken")).GetProperty("alternatives").GetArrayLength());
        var winner = (await answers.Single(answer => answer.StatusCode == HttpStatusCode.Created).Read()).Id();
        Assert.Equal([winner], (await studio.Get(trainer, "/api/v1/bookings").Ok()).GetProperty("data").EnumerateArray().Select(booking => booking.Id()));
        Assert.Single(await system.Told("booking.created", winner));
        await system.NothingOverlaps(studio);
    }

    [Fact]
    public async Task HoldsAndBookingsOfOneHourExcludeEachOther()
    {
        var studio = await system.GivenStudio();
        var (trainer, type, at) = (await studio.GivenTrainerAtWork(), await studio.GivenSessionType(), SchedulingStory.At(days: 3, hour: 10));
        var racers = await studio.GivenClients(100);

        var answers = await Task.WhenAll(racers.Select((racer, i) => i % 2 == 0
            ? studio.Book(racer, type, trainer, at)
            : studio.Post(racer, "/api/v1/bookings/holds", new { session_type_id = type, trainer_id = trainer.Id, starts_at = at })));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(99, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        await system.NothingOverlaps(studio);
    }

    [Fact]
    public async Task AHoldIsBookedOnce()
    {
        var studio = await system.GivenStudio();
        var (trainer, type, client, at) = (await studio.GivenTrainerAtWork(), await studio.GivenSessionType(), await studio.GivenClient(), SchedulingStory.At(days: 3, hour: 10));
        var hold = (await studio.Post(client, "/api/v1/bookings/holds", new { session_type_id = type, trainer_id = trainer.Id, starts_at = at }).Created()).Id();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => studio.Book(client, type, trainer, at, ("hold_id", hold))));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(19, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        await system.NothingOverlaps(studio);
    }

    [Fact]
    public async Task ATrainerIsBookedInOneOfTwoStudios()
    {
        var (here, there) = (await system.GivenStudio(), await system.GivenStudio());
        var trainer = await there.Admit(await here.GivenTrainer(), FitFlow.ServiceDefaults.Role.Trainer);
        var racers = new List<(Studio Studio, Person Client, Guid Type)>();
        foreach (var studio in new[] { here, there })
        {
            await studio.WorksAlways(trainer);
            var type = await studio.GivenSessionType();
            racers.AddRange((await studio.GivenClients(50)).Select(client => (studio, client, type)));
        }

        var at = SchedulingStory.At(days: 3, hour: 10);
        // Not all at the same minute: hours that overlap are as good.
        var answers = await Task.WhenAll(racers.Select((racer, i) => racer.Studio.Book(racer.Client, racer.Type, trainer, at.AddMinutes(15 * (i % 3)))));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(99, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        await system.NothingOverlaps(here);
    }

    [Fact]
    public async Task TwoThatWantEachOthersHourDoNotMeet()
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainerAtWork(), await studio.GivenSessionType());
        DateTimeOffset[] at = [SchedulingStory.At(days: 3, hour: 10), SchedulingStory.At(days: 3, hour: 12)];
        var people = await studio.GivenClients(2);
        var ids = new Guid[2];
        for (var i = 0; i < 2; i++) ids[i] = (await studio.Book(people[i], type, trainer, at[i]).Created()).Id();

        for (var round = 0; round < 10; round++)
        {
            var answers = await Task.WhenAll(
                studio.Post(people[0], $"/api/v1/bookings/{ids[0]}/reschedule", new { starts_at = at[(round + 1) % 2] }),
                studio.Post(people[1], $"/api/v1/bookings/{ids[1]}/reschedule", new { starts_at = at[round % 2] }));

            Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict, $"{(int)answer.StatusCode}"));
            await system.NothingOverlaps(studio);
        }
    }

    [Fact]
    public async Task EverybodyGetsOneOfManyHoursAndNoneIsGivenTwice()
    {
        var studio = await system.GivenStudio();
        var trainers = await studio.GivenTrainersAtWork(4);
        Guid[] rooms = [await studio.GivenRoom(), await studio.GivenRoom()];
        var type = await studio.GivenSessionType(("room_ids", rooms));
        var racers = await studio.GivenClients(200);

        // Ten hours, four trainers, two rooms: there is place for twenty.
        var answers = await Task.WhenAll(racers.Select((racer, i) => studio.Book(racer, type, trainers[i % 4], SchedulingStory.At(days: 3, hour: 8 + (i / 4 % 10)))));

        Assert.Equal(20, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(180, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        await system.NothingOverlaps(studio);
    }
}
