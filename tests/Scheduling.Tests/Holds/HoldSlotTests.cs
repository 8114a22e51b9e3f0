using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace FitFlow.Scheduling.Tests.Holds;

public sealed class HoldSlotTests(RunningSystem system)
{
    [Fact]
    public async Task KeepsAnHourThatOnlyItsHolderBooks()
    {
        var studio = await system.GivenStudio();
        var (trainer, type, at) = (await studio.GivenTrainerAtWork(), await studio.GivenSessionType(), SchedulingStory.At(days: 3, hour: 10));
        var (holder, other) = (await studio.GivenClient(), await studio.GivenClient());
        var hold = await Hold(studio, holder, type, trainer, at).Created();
        Assert.InRange(hold.Time("expires_at") - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));

        await studio.Book(other, type, trainer, at).Refused(HttpStatusCode.Conflict, "bookings.slot_taken");
        await studio.Book(other, type, trainer, at, ("hold_id", hold.Id())).Refused(HttpStatusCode.Conflict, "bookings.slot_taken");
        await Hold(studio, other, type, trainer, at).Refused(HttpStatusCode.Conflict, "bookings.slot_taken");
        var booked = await studio.Book(holder, type, trainer: null, at, ("hold_id", hold.Id())).Created();

        Assert.Equal(trainer.Id, booked.Id("trainer_id"));
        Assert.Equal(2, await system.Database("schedulingdb").Count("SELECT COUNT(*) FROM busy WHERE source_id IN (@hold, @booking)", ("hold", hold.Id()), ("booking", booked.Id())));
    }

    [Fact]
    public async Task EndsByItself()
    {
        var studio = await system.GivenStudio();
        var (trainer, type, at) = (await studio.GivenTrainerAtWork(), await studio.GivenSessionType(), SchedulingStory.At(days: 3, hour: 10));
        var hold = await Hold(studio, await studio.GivenClient(), type, trainer, at).Created();
        await RunOut(hold.Id());

        await studio.Book(await studio.GivenClient(), type, trainer, at).Created();
    }

    [Fact]
    public async Task OneThatHasRunOutIsNoHindranceAndNoRight()
    {
        var studio = await system.GivenStudio();
        var (trainer, type, at) = (await studio.GivenTrainerAtWork(), await studio.GivenSessionType(), SchedulingStory.At(days: 3, hour: 10));
        var (late, quick) = (await studio.GivenClient(), await studio.GivenClient());
        var first = await Hold(studio, late, type, trainer, at).Created();
        var second = await Hold(studio, late, type, trainer, at.AddHours(3)).Created();
        await RunOut(first.Id());
        await RunOut(second.Id());
        await studio.Book(quick, type, trainer, at).Created();

        await studio.Book(late, type, trainer, at, ("hold_id", first.Id())).Refused(HttpStatusCode.Conflict, "bookings.slot_taken");
        await studio.Book(late, type, trainer, at.AddHours(3), ("hold_id", second.Id())).Created();
    }

    [Fact]
    public async Task IsLetGoByWhoHoldsItOnly()
    {
        var studio = await system.GivenStudio();
        var (trainer, type, at) = (await studio.GivenTrainerAtWork(), await studio.GivenSessionType(), SchedulingStory.At(days: 3, hour: 10));
        var (holder, other) = (await studio.GivenClient(), await studio.GivenClient());
        var hold = await Hold(studio, holder, type, trainer, at).Created();

        (await Release(studio, other, hold)).ShouldBe(HttpStatusCode.NoContent);
        await studio.Book(other, type, trainer, at).Refused(HttpStatusCode.Conflict, "bookings.slot_taken");
        (await Release(studio, holder, hold)).ShouldBe(HttpStatusCode.NoContent);
        (await Release(studio, holder, hold)).ShouldBe(HttpStatusCode.NoContent);
        await studio.Book(other, type, trainer, at).Created();
    }

    [Fact]
    public async Task NobodyKeepsAWholeDayFromTheOthers()
    {
        var studio = await system.GivenStudio();
        var (trainer, type, client) = (await studio.GivenTrainerAtWork(), await studio.GivenSessionType(), await studio.GivenClient());
        for (var hour = 8; hour < 11; hour++) await Hold(studio, client, type, trainer, SchedulingStory.At(days: 3, hour)).Created();

        await Hold(studio, client, type, trainer, SchedulingStory.At(days: 3, hour: 11)).Refused(HttpStatusCode.Conflict, "holds.too_many");
    }

    private static Task<HttpResponseMessage> Hold(Studio studio, Person by, Guid type, Person trainer, DateTimeOffset at) =>
        studio.Post(by, "/api/v1/bookings/holds", new { session_type_id = type, trainer_id = trainer.Id, starts_at = at });

    private static async Task<HttpResponseMessage> Release(Studio studio, Person by, JsonElement hold)
    {
        using var http = studio.Http(by);
        return await http.DeleteAsync($"/api/v1/bookings/holds/{hold.Id()}");
    }

    /// As if its five minutes were over.
    private async Task RunOut(Guid hold)
    {
        var database = system.Database("schedulingdb");
        await database.Write("UPDATE busy SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE source_id = @hold", ("hold", hold));
        await database.Write("UPDATE holds_rows SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE id = @hold", ("hold", hold));
    }
}
