using System.Net;
using static FitFlow.Scheduling.Tests.Availability.AvailabilityStory;

namespace FitFlow.Scheduling.Tests.Availability;

/// Hours change while somebody books, and while somebody else changes them.
public sealed class HoursRaceTests(RunningSystem system)
{
    [Fact]
    public async Task ASessionIsRefusedOrNamedWhenTheHoursGoAtTheSameMoment()
    {
        var studio = await system.GivenStudio();
        var type = await studio.GivenSessionType();
        var (trainers, clients) = (await studio.GivenTrainers(30), await studio.GivenClients(30));
        await Task.WhenAll(trainers.Select(trainer => studio.GivenHours(trainer, EveryDay("09:00", "12:00"))));

        var outcomes = await Task.WhenAll(trainers.Zip(clients).Select(async pair =>
        {
            // By the client: staff may book outside the hours.
            var booking = studio.Ask(HttpMethod.Post, "/bookings", new { session_type_id = type, trainer_id = pair.First.Id, starts_at = Monday.At("10:00") }, pair.Second);
            var hours = studio.GivenHours(pair.First);
            using var booked = await booking;
            return (booked.StatusCode, Booking: await booked.Read(), Named: (await hours).Conflicts());
        }));

        foreach (var (status, booking, named) in outcomes)
        {
            Assert.Contains(status, new[] { HttpStatusCode.Created, HttpStatusCode.Conflict });
            Assert.Equal(status == HttpStatusCode.Created ? [booking.GetProperty("id").GetGuid()] : [], named);
        }
    }

    [Fact]
    public async Task OfTwoWeeksSaidAtOnceOneIsKept()
    {
        var studio = await system.GivenStudio();
        var trainer = await studio.GivenTrainer();
        object[][] weeks = [EveryDay("06:00", "10:00"), EveryDay("12:00", "16:00"), [Rule(DayOfWeek.Monday, "00:00", "00:00")]];

        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => studio.GivenHours(trainer, weeks[i % weeks.Length])));

        var kept = (await studio.Get($"/availability/{trainer.Id}/rules").ShouldBe(HttpStatusCode.OK)).GetProperty("rules").EnumerateArray().ToArray();
        Assert.Equal(kept[0].GetProperty("starts").GetString() == "00:00" ? 1 : 7, kept.Length);
        Assert.Single(kept.Select(rule => rule.GetProperty("starts").GetString()).Distinct());
        Assert.Equal(24, (await studio.HoursChanged()).Count);
    }
}
