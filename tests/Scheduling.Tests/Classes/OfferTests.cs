using System.Net;
using System.Text.Json;

namespace FitFlow.Scheduling.Tests.Classes;

/// A seat that is offered, kept until the answer, and passed on without one.
public sealed class OfferTests(RunningSystem system)
{
    [Fact]
    public async Task IsKeptForTheFirstAndTheirsWhenTheySaySo()
    {
        var studio = await system.GivenStudio();
        var (it, trainer, people, enrolled) = await AnOffer(studio, waiting: 1);

        var offered = await studio.Look(it, people[1]);
        var until = offered.Time("my_offered_until");
        Assert.Equal(("offered", 0), (offered.Text("my_status"), offered.GetProperty("seats_left").GetInt32()));
        Assert.InRange(until, TimeProvider.System.GetUtcNow().AddMinutes(50), TimeProvider.System.GetUtcNow().AddMinutes(60));
        Assert.Equal([trainer.Id], await system.TimeTakenBy(it));
        Assert.Equal("waitlisted", (await studio.Enrol(it, await studio.GivenClient()).Created()).Text("status"));
        await studio.Enrol(it, people[1]).Refused(HttpStatusCode.Conflict, "classes.already_enrolled");

        var accepted = await studio.Accept(it, people[1]).Ok();

        Assert.Equal(("enrolled", "due", enrolled), (accepted.Text("status"), accepted.Text("payment_status"), accepted.Id()));
        Assert.Equal([trainer.Id, people[1].Id], (await system.TimeTakenBy(it)).ToHashSet());
        var promoted = JsonDocument.Parse(Assert.Single(await system.Told("class.promoted", it))).RootElement;
        Assert.Equal((enrolled, people[1].Id, until), (promoted.Id("enrolment_id"), promoted.Id("client_id"), promoted.Time("offered_until")));
        Assert.Equal(2, (await system.Told("class.enrolled", it)).Count);
        await studio.Accept(it, people[1]).Refused(HttpStatusCode.Conflict, "classes.already_enrolled");
    }

    [Fact]
    public async Task DeclinedItGoesToTheNext()
    {
        var studio = await system.GivenStudio();
        var (it, _, people, _) = await AnOffer(studio, waiting: 2);

        Assert.Equal("cancelled", (await studio.Decline(it, people[1]).Ok()).Text("status"));

        Assert.Equal([(people[2].Id, "offered")], await studio.Roster(it));
        await studio.Decline(it, people[2]).Ok();
        Assert.Equal((1, 0), ((await studio.Look(it)).GetProperty("seats_left").GetInt32(), (await studio.Roster(it)).Count));
        Assert.Equal(0, await system.Database("schedulingdb").Count("SELECT COUNT(*) FROM lines_due WHERE class_id = @it", ("it", it)));
    }

    [Fact]
    public async Task WithoutAnAnswerItGoesToTheNextByItself()
    {
        var studio = await system.GivenStudio();
        var (it, _, people, enrolled) = await AnOffer(studio, waiting: 2);

        await system.OffersRunOut(it);

        await Eventually.Holds(async () => await studio.StatusOf(it, people[2]) == "offered", "the next has the offer");
        Assert.Null(await studio.StatusOf(it, people[1]));
        var lapsed = JsonDocument.Parse((await system.Told("class.enrolment_cancelled", it))[^1]).RootElement;
        Assert.Equal((enrolled, "offered", JsonValueKind.Null), (lapsed.Id("enrolment_id"), lapsed.Text("was"), lapsed.GetProperty("cancelled_by").ValueKind));
        Assert.Equal(2, (await system.Told("class.promoted", it)).Count);

        await studio.Accept(it, people[2]).Ok();
        await studio.Accept(it, people[1]).Refused(HttpStatusCode.NotFound, "classes.not_enrolled");
    }

    [Fact]
    public async Task OneThatHasRunOutIsOverBeforeAnybodyNoticed()
    {
        var studio = await system.GivenStudio();
        var (it, _, people, _) = await AnOffer(studio, waiting: 2);
        await system.Database("schedulingdb").Write(
            "UPDATE enrolments_rows SET offered_until = UTC_TIMESTAMP(6) WHERE class_id = @it AND status = 'offered'", ("it", it));

        await studio.Accept(it, people[1]).Refused(HttpStatusCode.Conflict, "classes.offer_over");

        Assert.Equal([(people[2].Id, "offered")], await studio.Roster(it));
    }

    [Fact]
    public async Task IsNotTakenByWhoIsElsewhereByThen()
    {
        var studio = await system.GivenStudio();
        var (it, _, people, _) = await AnOffer(studio, waiting: 1);
        await studio.GivenBooking(await studio.GivenSessionType(), await studio.GivenTrainer(), people[1], (await studio.Look(it)).Time("starts_at"));

        await studio.Accept(it, people[1]).Refused(HttpStatusCode.Conflict, "classes.busy");

        Assert.Equal("offered", await studio.StatusOf(it, people[1]));
    }

    [Fact]
    public async Task LastsToTheCutoffAndNoLongerAndThenTheSeatIsOpen()
    {
        var studio = await system.GivenStudio();
        var cutoff = (int)(SchedulingStory.At(days: 3, hour: 18) - TimeProvider.System.GetUtcNow()).TotalMinutes - 30;
        var (it, _, people, _) = await AnOffer(studio, waiting: 2, ("waitlist_cutoff_minutes", cutoff));
        var starts = (await studio.Look(it)).Time("starts_at");
        Assert.Equal(starts.AddMinutes(-cutoff), (await studio.Look(it, people[1])).Time("my_offered_until"));

        await system.Database("schedulingdb").Write("UPDATE classes_rows SET waitlist_cutoff_minutes = @all WHERE id = @it", ("it", it), ("all", 7 * 24 * 60));
        await system.OffersRunOut(it);

        await Eventually.Holds(async () => (await system.Told("class.seat_opened", it)).Count == 1, "the seat is open");
        Assert.Equal([(people[2].Id, "waitlisted")], await studio.Roster(it));
        Assert.Equal("enrolled", (await studio.Enrol(it, people[2]).Created()).Text("status"));
    }

    [Fact]
    public async Task NewSeatsAreOfferedToAsManyAndNotToWhoIsElsewhere()
    {
        var studio = await system.GivenStudio();
        var (it, _, people, _) = await AnOffer(studio, waiting: 4);
        await studio.GivenBooking(await studio.GivenSessionType(), await studio.GivenTrainer(), people[2], (await studio.Look(it)).Time("starts_at"));

        await studio.Change(await studio.Look(it), studio.Owner, ("capacity", 3)).Ok();

        Assert.Equal(
            [(people[1].Id, "offered"), (people[3].Id, "offered"), (people[4].Id, "offered"), (people[2].Id, "waitlisted")], await studio.Roster(it));
    }

    [Fact]
    public async Task OnlyForWhomItIs()
    {
        var studio = await system.GivenStudio();
        var (it, trainer, people, _) = await AnOffer(studio, waiting: 2);
        var other = await studio.GivenTrainer();
        var elsewhere = await system.GivenStudio();

        foreach (var answer in new[] { studio.Accept(it, people[1], by: people[2]), studio.Decline(it, people[1], by: other) })
            await answer.Refused(HttpStatusCode.Forbidden, "classes.not_yours");
        foreach (var answer in new[] { studio.Accept(it, people[2]), studio.Decline(it, people[2]) })
            await answer.Refused(HttpStatusCode.Conflict, "classes.not_offered");
        foreach (var answer in new[] { studio.Accept(it, people[0]), studio.Decline(it, people[0]) })
            await answer.Refused(HttpStatusCode.NotFound, "classes.not_enrolled");
        foreach (var answer in new[] { elsewhere.Accept(it, people[1], by: elsewhere.Owner), elsewhere.Decline(it, people[1], by: elsewhere.Owner) })
            await answer.Refused(HttpStatusCode.NotFound, "classes.unknown");
        await studio.Accept(it, people[1], by: trainer).Ok();
    }

    /// One seat, whose holder has left: it is offered to people[1], whose enrolment is named.
    private async Task<(Guid Class, Person Trainer, IReadOnlyList<Person> People, Guid Offered)> AnOffer(
        Studio studio, int waiting, params (string Field, object? Value)[] with)
    {
        var (it, trainer, _) = await studio.GivenYoga(capacity: 1, [("waitlist_mode", "offer"), ("offer_minutes", 60), ("waitlist_cutoff_minutes", 60), .. with]);
        var people = await studio.GivenClients(waiting + 1);
        var enrolled = await studio.GivenEnrolled(it, people);
        await studio.Leave(it, people[0]).Ok();
        Assert.Equal("offered", await studio.StatusOf(it, people[1]));
        return (it, trainer, people, enrolled[1].Id());
    }
}
