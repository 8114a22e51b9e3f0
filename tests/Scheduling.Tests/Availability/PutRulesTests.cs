using System.Net;
using System.Text.Json;
using static FitFlow.Scheduling.Tests.Availability.AvailabilityStory;

namespace FitFlow.Scheduling.Tests.Availability;

public sealed class PutRulesTests(RunningSystem system)
{
    [Fact]
    public async Task AWeekTakesThePlaceOfTheOneBefore()
    {
        var studio = await system.GivenStudio();
        var (trainer, colleague) = (await studio.GivenTrainer(), await studio.GivenTrainer());
        await studio.GivenHours(trainer, EveryDay("06:00", "10:00"));

        var put = await studio.PutRules(
            trainer,
            [Rule(DayOfWeek.Sunday, "22:00", "02:00"), Rule(DayOfWeek.Monday, "13:00", "17:00"), Rule(DayOfWeek.Monday, "09:00", "12:00", "2027-01-04", "2027-06-30")],
            trainer).ShouldBe(HttpStatusCode.OK);

        Assert.Equal(3, put.GetProperty("rules").GetArrayLength());
        var kept = await studio.Get($"/availability/{trainer.Id}/rules", colleague).ShouldBe(HttpStatusCode.OK);
        Assert.Equal("America/Toronto", kept.GetProperty("time_zone").GetString());
        Assert.Equal(
            ["monday 09:00 12:00 2027-01-04 2027-06-30", "monday 13:00 17:00  ", "sunday 22:00 02:00  "],
            kept.GetProperty("rules").EnumerateArray().Select(Line));
        await studio.GivenHours(trainer);
        Assert.Empty((await studio.Get($"/availability/{trainer.Id}/rules").ShouldBe(HttpStatusCode.OK)).GetProperty("rules").EnumerateArray());
    }

    [Fact]
    public async Task EachChangeIsSaidOnce()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenTrainer();
        await studio.GivenHours(trainer, EveryDay("06:00", "10:00"));
        var off = await studio.GivenException(trainer, "time_off", Monday.AtMidnight(), Monday.PlusDays(1).AtMidnight());

        Assert.Equal([trainer.Id, trainer.Id], await studio.HoursChanged());
        await studio.PutRules(trainer, [Rule(DayOfWeek.Monday, "09:00", "12:00"), Rule(DayOfWeek.Monday, "11:00", "13:00")]).ShouldBe(HttpStatusCode.BadRequest);
        await studio.Ask(HttpMethod.Delete, $"/availability/{trainer.Id}/exceptions/{trainer.Id}").ShouldBe(HttpStatusCode.NotFound);
        Assert.Equal(2, (await studio.HoursChanged()).Count);
        await studio.Ask(HttpMethod.Delete, $"/availability/{trainer.Id}/exceptions/{off.GetProperty("id").GetGuid()}").ShouldBe(HttpStatusCode.OK);
        Assert.Equal(3, (await studio.HoursChanged()).Count);
    }

    [Fact]
    public async Task TrainersSayTheirOwnHoursAndThoseWhoRunTheStudioEverybodys()
    {
        var studio = await system.GivenStudio();
        var (trainer, colleague, client, admin) = (await studio.GivenTrainer(), await studio.GivenTrainer(), await studio.GivenClient(), await system.GivenAdmin());
        var stranger = await (await system.GivenStudio()).GivenTrainer();
        var week = EveryDay("09:00", "17:00");

        foreach (var who in new[] { trainer, studio.Owner, admin })
        {
            await studio.PutRules(trainer, week, who).ShouldBe(HttpStatusCode.OK);
            var added = await studio.AddException(trainer, "time_off", "2027-03-08T09:00", "2027-03-08T12:00", who).ShouldBe(HttpStatusCode.Created);
            await studio.Ask(HttpMethod.Delete, $"/availability/{trainer.Id}/exceptions/{added.GetProperty("id")}", who: who).ShouldBe(HttpStatusCode.OK);
        }

        var here = await studio.AddException(trainer, "time_off", "2027-03-08T09:00", "2027-03-08T12:00").ShouldBe(HttpStatusCode.Created);
        foreach (var (who, code) in new[] { (colleague, "availability.not_yours"), (client, "auth.forbidden"), (stranger, "studios.not_a_member") })
        {
            await studio.PutRules(trainer, week, who).ShouldBeProblem(HttpStatusCode.Forbidden, code);
            await studio.AddException(trainer, "extra_hours", "2027-03-08T09:00", "2027-03-08T12:00", who).ShouldBeProblem(HttpStatusCode.Forbidden, code);
            await studio.Ask(HttpMethod.Delete, $"/availability/{trainer.Id}/exceptions/{here.GetProperty("id")}", who: who).ShouldBeProblem(HttpStatusCode.Forbidden, code);
        }

        foreach (var who in new[] { trainer, colleague, studio.Owner, admin })
        {
            await studio.Get($"/availability/{trainer.Id}/rules", who).ShouldBe(HttpStatusCode.OK);
            await studio.Get($"/availability/{trainer.Id}/exceptions", who).ShouldBe(HttpStatusCode.OK);
        }

        foreach (var (who, code) in new[] { (client, "auth.forbidden"), (stranger, "studios.not_a_member") })
        {
            await studio.Get($"/availability/{trainer.Id}/rules", who).ShouldBeProblem(HttpStatusCode.Forbidden, code);
            await studio.Get($"/availability/{trainer.Id}/exceptions", who).ShouldBeProblem(HttpStatusCode.Forbidden, code);
        }
    }

    [Fact]
    public async Task OnlyTrainersOfTheStudioHaveHours()
    {
        var studio = await system.GivenStudio();
        var (client, stranger) = (await studio.GivenClient(), await (await system.GivenStudio()).GivenTrainer());

        foreach (var person in new[] { client, stranger, studio.Owner })
        {
            await studio.PutRules(person, EveryDay("09:00", "17:00")).ShouldBeProblem(HttpStatusCode.NotFound, "availability.unknown_trainer");
            await studio.AddException(person, "time_off", "2027-03-08T09:00", "2027-03-08T12:00").ShouldBeProblem(HttpStatusCode.NotFound, "availability.unknown_trainer");
        }
    }

    [Fact]
    public async Task HoursAreThoseOfOneStudio()
    {
        var (studio, other) = (await system.GivenStudio(), await system.GivenStudio());
        var trainer = await studio.GivenTrainer();
        var inBoth = await other.Admit(trainer, ServiceDefaults.Role.Trainer);
        await studio.GivenHours(trainer, EveryDay("09:00", "17:00"));
        var off = await studio.GivenException(trainer, "time_off", Monday.At(12, 0), Monday.At(13, 0));
        var type = await other.GivenSessionType();

        Assert.Empty((await other.Get($"/availability/{trainer.Id}/rules", inBoth).ShouldBe(HttpStatusCode.OK)).GetProperty("rules").EnumerateArray());
        Assert.Empty((await other.Get($"/availability/{trainer.Id}/exceptions", inBoth).ShouldBe(HttpStatusCode.OK)).GetProperty("data").EnumerateArray());
        Assert.Empty(await other.Slots(type, "any", Monday));
        await other.Ask(HttpMethod.Delete, $"/availability/{trainer.Id}/exceptions/{off.GetProperty("id")}", who: inBoth)
            .ShouldBeProblem(HttpStatusCode.NotFound, "availability.unknown_exception");
        await other.GivenHours(inBoth);
        Assert.Equal(7, (await studio.Get($"/availability/{trainer.Id}/rules").ShouldBe(HttpStatusCode.OK)).GetProperty("rules").GetArrayLength());
    }

    [Fact]
    public async Task SessionsOutsideTheNewHoursAreNamedAndStay()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainer(), await studio.GivenClient());
        var type = await studio.GivenSessionType();
        await studio.GivenHours(trainer, EveryDay("08:00", "18:00"));
        var early = (await studio.Book(type, trainer, client, Monday.At("08:00"))).GetProperty("id").GetGuid();
        await studio.Book(type, trainer, client, Monday.At("10:00"));
        var late = (await studio.Book(type, trainer, client, Monday.PlusDays(1).At("16:30"))).GetProperty("id").GetGuid();
        var gone = (await studio.Book(type, trainer, client, Monday.PlusDays(2).At("08:00"))).GetProperty("id").GetGuid();
        await studio.Ask(HttpMethod.Post, $"/bookings/{gone}/cancel", new { reason = "other" }).ShouldBe(HttpStatusCode.OK);

        var put = await studio.GivenHours(trainer, EveryDay("09:00", "17:00"));

        Assert.Equal([early, late], put.Conflicts());
        var conflict = put.GetProperty("conflicts")[1];
        Assert.Equal(
            (Monday.PlusDays(1).At("16:30"), Monday.PlusDays(1).At("17:30")),
            (conflict.GetProperty("starts_at").GetDateTimeOffset(), conflict.GetProperty("ends_at").GetDateTimeOffset()));
        Assert.Equal("confirmed", (await studio.Get($"/bookings/{early}").ShouldBe(HttpStatusCode.OK)).GetProperty("status").GetString());
        Assert.Empty((await studio.GivenHours(trainer, EveryDay("00:00", "00:00"))).Conflicts());
    }

    [Theory]
    [InlineData("""{"rules":[{"day":"monday","starts":"09:00","ends":"12:00"},{"day":"monday","starts":"11:00","ends":"13:00"}]}""", "rules[1]", "availability.rules_overlap")]
    [InlineData("""{"rules":[{"day":"sunday","starts":"20:00","ends":"04:00"},{"day":"monday","starts":"03:00","ends":"09:00"}]}""", "rules[1]", "availability.rules_overlap")]
    [InlineData("""{"rules":[{"day":"monday","starts":"9:00","ends":"12:00"}]}""", "rules[0].starts", "request.invalid")]
    [InlineData("""{"rules":[{"day":"monday","starts":"09:00","ends":"24:00"}]}""", "rules[0].ends", "request.invalid")]
    [InlineData("""{"rules":[{"day":"monday","starts":"09:00"}]}""", "rules[0].ends", "request.invalid")]
    [InlineData("""{"rules":[{"day":"someday","starts":"09:00","ends":"12:00"}]}""", "rules[0].day", "request.invalid")]
    [InlineData("""{"rules":[{"day":"monday","starts":"09:00","ends":"12:00","valid_from":"2027-02-30"}]}""", "rules[0].valid_from", "request.invalid")]
    [InlineData("""{"rules":[{"day":"monday","starts":"09:00","ends":"12:00","valid_from":"2027-03-02","valid_until":"2027-03-01"}]}""", "rules[0].valid_until", "request.invalid")]
    [InlineData("""{"rules":[null]}""", "rules[0]", "request.invalid")]
    [InlineData("""{}""", "rules", "request.invalid")]
    public async Task WhatIsNoWeekIsRefusedByItsField(string body, string field, string code)
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenTrainer();

        var problem = await studio.Ask(HttpMethod.Put, $"/availability/{trainer.Id}/rules", JsonSerializer.Deserialize<JsonElement>(body), trainer)
            .ShouldBeProblem(HttpStatusCode.BadRequest, code);

        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        Assert.Empty(await studio.HoursChanged());
    }

    [Fact]
    public async Task AWeekHasAHundredRulesAtMost()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenTrainer();
        var quarters = Enumerable.Range(0, 101).Select(i => Rule((DayOfWeek)(i / 24 % 7), $"{i % 24:00}:00", $"{i % 24:00}:15")).ToArray();

        await studio.PutRules(trainer, quarters).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
        await studio.PutRules(trainer, quarters[..100]).ShouldBe(HttpStatusCode.OK);
    }

    private static string Line(JsonElement rule) =>
        string.Join(' ', new[] { "day", "starts", "ends", "valid_from", "valid_until" }.Select(field => rule.GetProperty(field).GetString()));
}
