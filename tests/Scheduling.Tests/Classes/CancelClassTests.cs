using System.Net;
using System.Text.Json;

namespace FitFlow.Scheduling.Tests.Classes;

public sealed class CancelClassTests(RunningSystem system)
{
    [Fact]
    public async Task GivesEverybodyTheirTimeBackAndTellsThem()
    {
        var studio = await system.GivenStudio();
        var (it, trainer, type) = await studio.GivenYoga(capacity: 1);
        var people = await studio.GivenClients(2);
        await studio.GivenEnrolled(it, people);

        var cancelled = (await Cancel(studio, it, by: trainer, new { reason = "trainer_unavailable" }).Ok()).GetProperty("cancelled")[0];

        Assert.Equal(("cancelled", "trainer_unavailable", it), (cancelled.Text("status"), cancelled.Text("cancel_reason"), cancelled.Id()));
        Assert.Empty(await system.TimeTakenBy(it));
        Assert.Equal(0, await system.RemindersOf(it, people[0]));
        Assert.Empty(await studio.Roster(it));
        var at = cancelled.Time("starts_at");
        var (date, time) = ClassStory.Local(at);
        Assert.Equal(
            [$$"""{"class_id":"{{it}}","trainer_id":"{{trainer.Id}}","studio_id":"{{studio.Id}}","class_date":"{{date}}","start_time":"{{time}}","starts_at":"{{at:yyyy-MM-ddTHH:mm:ss}}+00:00","cancellation_reason":"trainer_unavailable","client_ids":["{{people[0].Id}}","{{people[1].Id}}"]}"""],
            await system.Told("class.cancelled", it));
        await studio.GivenClass(type, trainer, at);
        await Cancel(studio, it, studio.Owner, new { reason = "other" }).Refused(HttpStatusCode.Conflict, "classes.cancelled");
        Assert.Single(await system.Told("class.cancelled", it));
    }

    [Theory]
    [InlineData("this", new[] { 1 })]
    [InlineData("following", new[] { 1, 2, 3 })]
    [InlineData("all", new[] { 0, 1, 2, 3 })]
    public async Task OfASeriesAsMuchAsIsSaid(string scope, int[] gone)
    {
        var studio = await system.GivenStudio();
        var (series, _) = await Series(studio);

        var cancelled = (await Cancel(studio, series[1], studio.Owner, new { reason = "studio_closed", scope }).Ok()).GetProperty("cancelled");

        Assert.Equal(gone.Select(i => series[i]), cancelled.EnumerateArray().Select(it => it.Id()));
        var left = (await studio.Get(studio.Owner, "/api/v1/classes").Ok()).GetProperty("data").EnumerateArray().Select(it => it.Id());
        Assert.Equal(series.Where((_, i) => !gone.Contains(i)), left);
        foreach (var (id, i) in series.Select((id, i) => (id, i))) Assert.Equal(gone.Contains(i) ? 1 : 0, (await system.Told("class.cancelled", id)).Count);
    }

    [Fact]
    public async Task TwoYearsOfClassesComeAndGoInOneTransactionEach()
    {
        var studio = await system.GivenStudio();
        var (trainer, type, client) = (await studio.GivenTrainer(), await studio.GivenClassType(), await studio.GivenClient());
        var recurrence = new { starts_on = ClassStory.Local(SchedulingStory.At(days: 3, hour: 18)).Date, starts = "18:00", occurrences = 104 };

        var classes = (await studio.Schedule(studio.Owner, type, trainer, [("recurrence", recurrence)]).Created()).GetProperty("classes");
        Assert.Equal(104, classes.EnumerateArray().DistinctBy(it => ClassStory.Local(it.Time("starts_at")).Date).Count());
        Assert.All(classes.EnumerateArray(), it => Assert.Equal("18:00:00", ClassStory.Local(it.Time("starts_at")).Time));
        var ids = classes.EnumerateArray().Select(it => it.Id()).ToList();
        await studio.GivenEnrolled(ids[50], client);

        var cancelled = (await Cancel(studio, ids[0], trainer, new { reason = "other", scope = "all" }).Ok()).GetProperty("cancelled");
        Assert.Equal(104, cancelled.GetArrayLength());
        Assert.Equal(0, await system.Database("schedulingdb").Count("SELECT COUNT(*) FROM busy WHERE resource_id IN (@trainer, @client)", ("trainer", trainer.Id), ("client", client.Id)));
    }

    [Fact]
    public async Task OfASeriesATrainerCancelsTheirOwnAndWhatIsOverStays()
    {
        var studio = await system.GivenStudio();
        var (series, trainer) = await Series(studio);
        await system.Begins(series[0], TimeSpan.FromHours(-2));
        await studio.Change(await studio.Look(series[2]), studio.Owner, ("trainer_id", (await studio.GivenTrainer()).Id)).Ok();

        var cancelled = (await Cancel(studio, series[1], trainer, new { reason = "illness", scope = "all" }).Ok()).GetProperty("cancelled");

        Assert.Equal([series[1], series[3]], cancelled.EnumerateArray().Select(it => it.Id()));
        await Cancel(studio, series[0], trainer, new { reason = "illness" }).Refused(HttpStatusCode.Conflict, "classes.over");
    }

    [Fact]
    public async Task ByThoseWhoGiveItOrRunTheStudioAndForAReason()
    {
        var studio = await system.GivenStudio();
        var (it, _, _) = await studio.GivenYoga(capacity: 1);
        var elsewhere = await system.GivenStudio();

        await Cancel(studio, it, await studio.GivenClient(), new { reason = "other" }).Refused(HttpStatusCode.Forbidden, "auth.forbidden");
        await Cancel(studio, it, await studio.GivenTrainer(), new { reason = "other" }).Refused(HttpStatusCode.Forbidden, "classes.not_yours");
        await Cancel(elsewhere, it, elsewhere.Owner, new { reason = "other" }).Refused(HttpStatusCode.NotFound, "classes.unknown");
        await Cancel(studio, it, studio.Owner, new { reason = "because" }).Refused(HttpStatusCode.BadRequest, "request.invalid");
        await Cancel(studio, it, studio.Owner, new { }).Refused(HttpStatusCode.BadRequest, "request.invalid");
    }

    private static Task<HttpResponseMessage> Cancel(Studio studio, Guid it, Person by, object request) => studio.Post(by, $"/api/v1/classes/{it}/cancel", request);

    private static async Task<(IReadOnlyList<Guid> Classes, Person Trainer)> Series(Studio studio)
    {
        var (trainer, type) = (await studio.GivenTrainer(), await studio.GivenClassType());
        var recurrence = new { starts_on = ClassStory.Local(SchedulingStory.At(days: 3, hour: 18)).Date, starts = "18:00", occurrences = 4 };
        var scheduled = await studio.Schedule(studio.Owner, type, trainer, [("recurrence", recurrence)]).Created();
        return ([.. scheduled.GetProperty("classes").EnumerateArray().Select(it => it.Id())], trainer);
    }
}
