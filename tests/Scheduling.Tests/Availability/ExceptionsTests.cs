using System.Net;
using System.Text.Json;
using NodaTime;
using static FitFlow.Scheduling.Tests.Availability.AvailabilityStory;

namespace FitFlow.Scheduling.Tests.Availability;

public sealed class ExceptionsTests(RunningSystem system)
{
    [Fact]
    public async Task WhatIsSaidIsListedUntilItIsOverOrTakenBack()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenTrainer();
        var past = await studio.GivenException(trainer, "time_off", Today.PlusDays(-3).At(9, 0), Today.PlusDays(-2).At(9, 0));
        var (late, soon) = (
            await studio.GivenException(trainer, "time_off", Monday.At(12, 0), Monday.PlusDays(3).At(12, 30)),
            await studio.GivenException(trainer, "extra_hours", Monday.At(20, 0), Monday.At(22, 0)));
        var running = await studio.GivenException(trainer, "time_off", Today.PlusDays(-1).At(0, 0), Today.PlusDays(2).At(0, 0));

        Assert.Equal([Id(running), Id(soon), Id(late)], await Listed(studio, trainer));
        Assert.Equal([Id(past), Id(running), Id(soon), Id(late)], await Listed(studio, trainer, $"&from={Text(Today.PlusDays(-2))}"));
        Assert.Equal("extra_hours", soon.GetProperty("kind").GetString());
        Assert.Equal((Text(Monday.At(20, 0)), Text(Monday.At(22, 0))), (soon.GetProperty("starts_local").GetString(), soon.GetProperty("ends_local").GetString()));

        await studio.Ask(HttpMethod.Delete, $"/availability/{trainer.Id}/exceptions/{Id(soon)}", who: trainer).ShouldBe(HttpStatusCode.OK);
        await studio.Ask(HttpMethod.Delete, $"/availability/{trainer.Id}/exceptions/{Id(soon)}", who: trainer)
            .ShouldBeProblem(HttpStatusCode.NotFound, "availability.unknown_exception");
        Assert.Equal([Id(running), Id(late)], await Listed(studio, trainer));
    }

    [Fact]
    public async Task AnExceptionIsTakenBackFromWhomItIs()
    {
        var studio = await system.GivenStudio();
        var (trainer, colleague) = (await studio.GivenTrainer(), await studio.GivenTrainer());
        var off = await studio.GivenException(trainer, "time_off", Monday.At(12, 0), Monday.At(13, 0));

        await studio.Ask(HttpMethod.Delete, $"/availability/{colleague.Id}/exceptions/{Id(off)}", who: colleague)
            .ShouldBeProblem(HttpStatusCode.NotFound, "availability.unknown_exception");

        Assert.Equal([Id(off)], await Listed(studio, trainer));
        Assert.Empty(await Listed(studio, colleague));
    }

    [Fact]
    public async Task SessionsOutsideTheHoursAreNamed()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainer(), await studio.GivenClient());
        var type = await studio.GivenSessionType();
        await studio.GivenHours(trainer, EveryDay("08:00", "12:00"));
        var evening = await studio.GivenException(trainer, "extra_hours", Monday.At(18, 0), Monday.At(22, 0));
        Assert.Empty(evening.Conflicts());
        var (morning, night) = (
            (await studio.Book(type, trainer, client, Monday.At("10:00"))).GetProperty("id").GetGuid(),
            (await studio.Book(type, trainer, client, Monday.At("20:00"))).GetProperty("id").GetGuid());

        var off = await studio.GivenException(trainer, "time_off", Monday.At(10, 59), Monday.At(11, 30));
        var without = await studio.Ask(HttpMethod.Delete, $"/availability/{trainer.Id}/exceptions/{Id(evening)}").ShouldBe(HttpStatusCode.OK);

        Assert.Equal([morning], off.Conflicts());
        Assert.Equal([morning, night], without.Conflicts());
    }

    [Theory]
    [InlineData("time_off", "2027-03-08T09:00", "2027-03-08T09:00", "ends_local")]
    [InlineData("time_off", "2027-03-08T09:00", "2027-03-08T08:59", "ends_local")]
    [InlineData("time_off", "2027-03-08T09:00", "2028-04-11T09:01", "ends_local")]
    [InlineData("time_off", "2027-03-08T09:00Z", "2027-03-09T09:00", "starts_local")]
    [InlineData("time_off", "2027-03-08 09:00", "2027-03-09T09:00", "starts_local")]
    [InlineData("time_off", "2027-03-08T09:00:30", "2027-03-09T09:00", "starts_local")]
    [InlineData("time_off", "2027-02-29T09:00", "2027-03-09T09:00", "starts_local")]
    [InlineData("time_off", "0001-01-01T00:00", "2027-03-09T09:00", "starts_local")]
    [InlineData("time_off", "2027-03-08T09:00", "9999-12-31T23:59", "ends_local")]
    [InlineData("holiday", "2027-03-08T09:00", "2027-03-09T09:00", "kind")]
    public async Task WhatIsNoTimeIsRefusedByItsField(string kind, string starts, string ends, string field)
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenTrainer();

        var problem = await studio.AddException(trainer, kind, starts, ends, trainer).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");

        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task FourHundredDaysAndSecondsThatAreNoneAreTaken()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenTrainer();

        await studio.AddException(trainer, "time_off", "2027-03-08T09:00:00", "2028-04-11T09:00:00", trainer).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task ThereIsAnEndToWhatOneTrainerSays()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenTrainer();
        await studio.GivenException(trainer, "time_off", Monday.At(12, 0), Monday.At(13, 0));
        await system.Database("schedulingdb").Write(
            """
            INSERT INTO availability_exceptions_rows (tenant_id, trainer_id, id, kind, starts_local, ends_local, created_at)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 499)
            SELECT tenant_id, trainer_id, UNHEX(LPAD(HEX(n.i), 32, '0')), kind, starts_local, ends_local, created_at
            FROM availability_exceptions_rows, n
            WHERE trainer_id = @Trainer
            """, ("Trainer", trainer.Id));

        await studio.AddException(trainer, "time_off", Text(Monday.At(12, 0)), Text(Monday.At(13, 0)))
            .ShouldBeProblem(HttpStatusCode.Conflict, "availability.too_many_exceptions");
        await studio.AddException(await studio.GivenTrainer(), "time_off", Text(Monday.At(12, 0)), Text(Monday.At(13, 0))).ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("?from=yesterday")]
    [InlineData("?from=2027-02-30")]
    [InlineData("?limit=0")]
    [InlineData("?limit=201")]
    [InlineData("?cursor=nonsense")]
    public async Task AListThatCannotBeIsRefused(string query)
    {
        var studio = await system.GivenStudio();
        await studio.Get($"/availability/{studio.Owner.Id}/exceptions{query}").ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
    }

    private static async Task<IReadOnlyList<Guid>> Listed(Studio studio, Person trainer, string rest = "")
    {
        var found = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await studio.Get($"/availability/{trainer.Id}/exceptions?limit=2{rest}{(cursor is null ? "" : $"&cursor={cursor}")}", trainer).ShouldBe(HttpStatusCode.OK);
            found.AddRange(page.GetProperty("data").EnumerateArray().Select(Id));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        return found;
    }

    private static Guid Id(JsonElement exception) => exception.GetProperty("id").GetGuid();
}
