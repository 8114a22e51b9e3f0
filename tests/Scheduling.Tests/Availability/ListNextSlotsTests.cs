using System.Net;
using System.Text.Json;
using NodaTime;
using static FitFlow.Scheduling.Tests.Availability.AvailabilityStory;

namespace FitFlow.Scheduling.Tests.Availability;

public sealed class ListNextSlotsTests(RunningSystem system)
{
    [Fact]
    public async Task TheFirstFreeTimesComeFirst()
    {
        var studio = await system.GivenStudio();
        var (trainer, colleague, client) = (await studio.GivenTrainer(), await studio.GivenTrainer(), await studio.GivenClient());
        var type = await studio.GivenSessionType();
        await studio.GivenHours(trainer, Rule(DayOfWeek.Monday, "09:00", "10:15", validFrom: Text(Monday)), Rule(DayOfWeek.Thursday, "09:00", "10:00", Text(Monday)));
        await studio.GivenHours(colleague, Rule(DayOfWeek.Tuesday, "09:00", "10:00", Text(Monday)));

        Assert.Equal(
            [Monday.At(9, 0), Monday.At(9, 15), Monday.PlusDays(1).At(9, 0), Monday.PlusDays(3).At(9, 0), Monday.PlusDays(7).At(9, 0)],
            (await studio.Next(type, who: client)).Select(Local));
        Assert.Equal([Monday.At(9, 0), Monday.At(9, 15), Monday.PlusDays(3).At(9, 0)], (await studio.Next(type, $"&trainer={trainer.Id}&limit=3")).Select(Local));
        Assert.Equal([Monday.PlusDays(1).At(9, 0)], (await studio.Next(type, $"&limit=1&after={Uri.EscapeDataString(Monday.At("09:15:01").ToString("O"))}")).Select(Local));
        Assert.Equal([Monday.At(9, 15)], (await studio.Next(type, $"&limit=1&after={Uri.EscapeDataString(Monday.At("09:15").ToString("O"))}")).Select(Local));
    }

    [Fact]
    public async Task AFreeTimeAtTheEndOfTheHorizonIsFoundAndOneBeyondItIsNot()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenTrainer();
        var (far, near) = (await studio.GivenSessionType(horizon: 300), await studio.GivenSessionType(horizon: 298));
        var date = Today.PlusDays(299);
        await studio.GivenException(trainer, "extra_hours", date.At(12, 0), date.At(13, 0));

        Assert.Equal([date.At(12, 0)], (await studio.Next(far)).Select(Local));
        Assert.Empty(await studio.Next(near));
        Assert.Empty(await studio.Next(far, "&after=9999-12-31T23:59:59Z"));
        Assert.Equal([date.At(12, 0)], (await studio.Next(far, "&after=0001-01-01T00:00:00Z")).Select(Local));
    }

    [Fact]
    public async Task NoticeIsKept()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenTrainer();
        await studio.GivenHours(trainer, EveryDay("00:00", "00:00"));
        var type = await studio.GivenSessionType(notice: 180);

        var asked = TimeProvider.System.GetUtcNow();
        var first = (await studio.Next(type, "&limit=20"))[0];

        Assert.InRange(first.StartsAt, asked.AddHours(3), TimeProvider.System.GetUtcNow().AddHours(3).AddMinutes(15));
    }

    [Theory]
    [InlineData("&limit=0", "limit")]
    [InlineData("&limit=21", "limit")]
    [InlineData("&after=soon", "after")]
    [InlineData("&trainer=nobody", "trainer")]
    public async Task AQuestionThatCannotBeIsRefusedByItsField(string query, string field)
    {
        var studio = await system.GivenStudio();

        var problem = await studio.Get($"/availability/next?session_type={studio.Id}{query}").ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");

        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task WhoLosesATimeIsToldTheNearest()
    {
        var studio = await system.GivenStudio();
        var (trainer, colleague) = (await studio.GivenTrainer(), await studio.GivenTrainer());
        var type = await studio.GivenSessionType();
        await studio.GivenHours(trainer, Rule(DayOfWeek.Monday, "09:00", "12:15", Text(Monday), Text(Monday)));
        await studio.GivenHours(colleague, EveryDay("09:00", "12:00"));
        await studio.Book(type, trainer, await studio.GivenClient(), Monday.At("10:15"));

        Assert.Equal(
            [(Monday.At("09:15"), trainer.Id), (Monday.At("11:15"), trainer.Id), (Monday.At("09:00"), trainer.Id)],
            await Alternatives(studio, type, trainer, Monday.At("10:15")));
        await studio.Book(type, trainer, await studio.GivenClient(), Monday.At("09:15"));
        Assert.Equal(
            [(Monday.At("11:15"), trainer.Id), (Monday.At("10:00"), colleague.Id), (Monday.At("10:15"), colleague.Id)],
            (await Alternatives(studio, type, trainer, Monday.At("10:15"))).OrderBy(slot => slot.Trainer == colleague.Id).ThenBy(slot => slot.At));
    }

    [Fact]
    public async Task WhoHasLeastToDoThatDayIsChosenFirst()
    {
        var studio = await system.GivenStudio();
        var (busy, idle, away) = (await studio.GivenTrainer(), await studio.GivenTrainer(), await studio.GivenTrainer());
        var type = await studio.GivenSessionType();
        await studio.GivenHours(busy, EveryDay("09:00", "17:00"));
        await studio.GivenHours(idle, EveryDay("09:00", "17:00"));
        await studio.GivenHours(away, EveryDay("13:00", "17:00"));
        await studio.Book(type, busy, await studio.GivenClient(), Monday.At("14:00"));

        var booked = new List<Guid>();
        for (var i = 0; i < 2; i++)
        {
            var answer = await studio.Ask(HttpMethod.Post, "/bookings", new { session_type_id = type, client_id = (await studio.GivenClient()).Id, starts_at = Monday.At("09:00") })
                .ShouldBe(HttpStatusCode.Created);
            booked.Add(answer.GetProperty("trainer_id").GetGuid());
        }

        Assert.Equal([idle.Id, busy.Id], booked);
    }

    private static async Task<IReadOnlyList<(DateTimeOffset At, Guid Trainer)>> Alternatives(Studio studio, Guid type, Person trainer, DateTimeOffset at)
    {
        var client = await studio.GivenClient();
        var problem = await studio.Ask(HttpMethod.Post, "/bookings", new { session_type_id = type, trainer_id = trainer.Id, client_id = client.Id, starts_at = at })
            .ShouldBeProblem(HttpStatusCode.Conflict, "bookings.slot_taken");
        return [.. problem.GetProperty("alternatives").EnumerateArray().Select(Read)];

        static (DateTimeOffset, Guid) Read(JsonElement slot) => (slot.GetProperty("starts_at").GetDateTimeOffset(), slot.GetProperty("trainer_ids").EnumerateArray().Single().GetGuid());
    }

    private static LocalDateTime Local(Slot slot) => slot.Date + LocalTime.FromTimeOnly(TimeOnly.Parse(slot.Local));
}
