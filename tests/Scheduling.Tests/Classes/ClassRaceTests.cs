using System.Net;
using FitFlow.Scheduling.Tests.Races;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Tests.Classes;

/// Many want the same seats at the same moment.
public sealed class ClassRaceTests(RunningSystem system)
{
    [Fact]
    public async Task OfTwoHundredWhoWantTwentySeatsTwentyHaveOneAndTheOthersWaitInOneLine()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 20);
        var racers = await studio.GivenClients(200);

        var answers = await Task.WhenAll(racers.Select(racer => studio.Enrol(it, racer)));

        Assert.All(answers, answer => answer.ShouldBe(HttpStatusCode.Created));
        var enrolments = await Task.WhenAll(answers.Select(answer => answer.Read()));
        Assert.Equal(20, enrolments.Count(enrolment => enrolment.Text("status") == "enrolled"));
        Assert.Equal(
            Enumerable.Range(1, 180),
            enrolments.Where(enrolment => enrolment.Text("status") == "waitlisted").Select(enrolment => enrolment.GetProperty("position").GetInt32()).Order());
        Assert.Equal((20, 180), ((await system.Told("class.enrolled", it)).Count, (await system.Told("class.waitlisted", it)).Count));
        await SeatsAreRight(studio, it, capacity: 20);
    }

    [Fact]
    public async Task OfFiveHundredWhoWantTheLastSeatOneHasIt()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 2);
        await studio.Enrol(it, await studio.GivenClient()).Created();
        var racers = await studio.GivenClients(500);

        var answers = await Task.WhenAll(racers.Select(racer => studio.Enrol(it, racer, waitlist: false)));

        Assert.Equal(
            new Dictionary<HttpStatusCode, int> { [HttpStatusCode.Created] = 1, [HttpStatusCode.Conflict] = 499 },
            answers.CountBy(answer => answer.StatusCode).ToDictionary());
        foreach (var loser in answers.Where(answer => answer.StatusCode == HttpStatusCode.Conflict)) await loser.ShouldBeProblem(HttpStatusCode.Conflict, "classes.full");
        await SeatsAreRight(studio, it, capacity: 2);
    }

    [Fact]
    public async Task OneWhoEnrolsTwiceAtOnceHasOneSeat()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 20);
        var client = await studio.GivenClient();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => studio.Enrol(it, client)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(19, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        await SeatsAreRight(studio, it, capacity: 20);
    }

    [Fact]
    public async Task TwoWhoLeaveAtOnceMakeWayForTwo()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 2);
        var people = await studio.GivenClients(6);
        await studio.GivenEnrolled(it, people);

        var answers = await Task.WhenAll(studio.Leave(it, people[0]), studio.Leave(it, people[1]));

        Assert.All(answers, answer => answer.ShouldBe(HttpStatusCode.OK));
        Assert.Equal([(people[2].Id, "enrolled"), (people[3].Id, "enrolled"), (people[4].Id, "waitlisted"), (people[5].Id, "waitlisted")], await studio.Roster(it));
        Assert.Equal(2, (await system.Told("class.promoted", it)).Count);
        await SeatsAreRight(studio, it, capacity: 2);
    }

    [Fact]
    public async Task WhoComeLeaveAndMoveUpAtOnceLeaveNoSeatEmptyAndTakeNoneTwice()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 10);
        var people = await studio.GivenClients(80);
        await studio.GivenEnrolled(it, people.Take(30));

        // Those with seats leave, others come, some who wait do not want to any more, and some are booked away while it is their turn.
        var (session, trainers) = (await studio.GivenSessionType(), await studio.GivenTrainersAtWork(5));
        var at = (await studio.Look(it)).Time("starts_at");
        var answers = await Task.WhenAll(
        [
            .. people.Take(10).Select(person => studio.Leave(it, person)),
            .. people.Skip(15).Take(5).Select(person => studio.Leave(it, person)),
            .. people.Skip(20).Take(5).Select((person, i) => studio.Book(person, session, trainers[i], at)),
            .. people.Skip(30).Select(person => studio.Enrol(it, person)),
        ]);

        Assert.All(answers, answer => Assert.True((int)answer.StatusCode < 500 && answer.StatusCode != HttpStatusCode.NotFound, $"{(int)answer.StatusCode}"));
        await SeatsAreRight(studio, it, capacity: 10);
        Assert.Equal(10, (await studio.Roster(it)).Count(entry => entry.Status == "enrolled"));
    }

    [Fact]
    public async Task AnOfferIsAcceptedOrRunsOutAndNeverBoth()
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainer(), await studio.GivenClassType());
        for (var round = 0; round < 5; round++)
        {
            var it = (await studio.GivenClass(
                type, trainer, SchedulingStory.At(days: 3 + round, hour: 18), ("capacity", 1), ("waitlist_mode", "offer"), ("waitlist_cutoff_minutes", 60))).Id();
            var people = await studio.GivenClients(3);
            await studio.GivenEnrolled(it, people);
            await studio.Leave(it, people[0]).Ok();

            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
            {
                if (i == 3) await system.OffersRunOut(it);
                return await studio.Accept(it, people[1]);
            }));

            var accepted = answers.Count(answer => answer.StatusCode == HttpStatusCode.OK);
            Assert.InRange(accepted, 0, 1);
            await Eventually.Holds(
                async () => (await studio.Roster(it))[0] == (accepted == 1 ? (people[1].Id, "enrolled") : (people[2].Id, "offered")), "the seat is theirs or the next one's");
            Assert.Equal(accepted == 1 ? 2 : 1, (await system.Told("class.enrolled", it)).Count);
            Assert.Equal(accepted == 1 ? 1 : 2, (await system.Told("class.promoted", it)).Count);
            await SeatsAreRight(studio, it, capacity: 1);
        }
    }

    [Fact]
    public async Task ATrainerIsInAClassOrInASessionOfWhicheverStudio()
    {
        var (here, there) = (await system.GivenStudio(), await system.GivenStudio());
        var trainer = await there.Admit(await here.GivenTrainer(), Role.Trainer);
        var (yoga, session) = (await here.GivenClassType(), await there.GivenSessionType());
        await there.WorksAlways(trainer);
        var clients = await there.GivenClients(20);
        var at = SchedulingStory.At(days: 3, hour: 18);

        var answers = await Task.WhenAll(
        [
            .. Enumerable.Range(0, 20).Select(i => here.Schedule(yoga, trainer, at.AddMinutes(15 * (i % 3)))),
            .. clients.Select((client, i) => there.Book(client, session, trainer, at.AddMinutes(15 * (i % 3)))),
        ]);

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(39, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        await system.NothingOverlaps(here);
    }

    [Fact]
    public async Task ClassesThatAreMovedIntoEachOthersHoursWhilePeopleComeAreNeverInTheSamePlace()
    {
        var studio = await system.GivenStudio();
        var (trainer, type) = (await studio.GivenTrainer(), await studio.GivenClassType());
        DateTimeOffset[] at = [SchedulingStory.At(days: 3, hour: 10), SchedulingStory.At(days: 3, hour: 12)];
        Guid[] ids = [(await studio.GivenClass(type, trainer, at[0])).Id(), (await studio.GivenClass(type, trainer, at[1])).Id()];
        var people = await studio.GivenClients(10);

        for (var round = 0; round < 5; round++)
        {
            var now = await Task.WhenAll(ids.Select(id => studio.Look(id)));
            var answers = await Task.WhenAll(
            [
                studio.Change(now[0], studio.Owner, ("starts_at", at[(round + 1) % 2]), ("force", true)),
                studio.Change(now[1], studio.Owner, ("starts_at", at[round % 2]), ("force", true)),
                .. people.Skip(2 * round).Take(2).SelectMany(person => ids.Select(id => studio.Enrol(id, person))),
            ]);
            Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Conflict, $"{(int)answer.StatusCode}"));
        }

        foreach (var id in ids) await SeatsAreRight(studio, id, capacity: 10);
    }

    /// Whatever was told over HTTP: the seats are those of the rows, those who have one have their time taken, and nobody is in two places.
    private async Task SeatsAreRight(Studio studio, Guid it, int capacity)
    {
        var roster = await studio.Roster(it);
        var seated = roster.Where(entry => entry.Status == "enrolled").Select(entry => entry.Client).ToHashSet();
        var taken = seated.Count + roster.Count(entry => entry.Status == "offered");
        Assert.InRange(taken, 0, capacity);
        Assert.Equal(capacity - taken, (await studio.Look(it)).GetProperty("seats_left").GetInt32());
        Assert.Equal(roster.Count, roster.Select(entry => entry.Client).Distinct().Count());
        var clients = (await system.TimeTakenBy(it)).ToHashSet();
        clients.Remove((await studio.Look(it)).Id("trainer_id"));
        Assert.Equal(seated, clients);
        await system.NothingOverlaps(studio);
    }
}
