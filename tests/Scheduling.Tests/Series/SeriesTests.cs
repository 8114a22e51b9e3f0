using System.Net;
using System.Text.Json;
using NodaTime;

namespace FitFlow.Scheduling.Tests.Series;

public sealed class SeriesTests(RunningSystem system)
{
    private static readonly DateTimeZone Toronto = DateTimeZoneProviders.Tzdb["America/Toronto"];

    [Fact]
    public async Task OneBadDateDoesNotSinkTheOthers()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        await studio.Book(await studio.GivenClient(), type, trainer, SchedulingStory.At(days: 10, hour: 10, minute: 30)).Created();

        var preview = (await studio.Post(client, "/api/v1/bookings/series/preview", Weekly(type, trainer, "10:00", 4)).Ok()).GetProperty("occurrences");
        var series = await studio.Post(client, "/api/v1/bookings/series", Weekly(type, trainer, "10:00", 4)).Created();

        Assert.Equal([null, "slot_taken", null, null], preview.EnumerateArray().Select(date => date.GetProperty("hindrance").GetString()));
        Assert.Equal(new[] { 3, 17, 24 }.Select(days => SchedulingStory.At(days, hour: 10)), Times(series, "booked"));
        Assert.Equal([SchedulingStory.At(days: 10, hour: 10)], Times(series, "skipped"));
        foreach (var booking in series.GetProperty("booked").EnumerateArray())
        {
            Assert.Equal(series.Id(), booking.Id("series_id"));
            Assert.Single(await system.Told("booking.created", booking.Id()));
        }
    }

    [Fact]
    public async Task WhenNoDateCanBeHadNothingIsBooked()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainer(), await studio.GivenClient(), await studio.GivenSessionType());

        var refused = await studio.Post(client, "/api/v1/bookings/series", Weekly(type, trainer, "10:00", 3)).Refused(HttpStatusCode.Conflict, "series.nothing_free");

        Assert.All(refused.GetProperty("occurrences").EnumerateArray(), date => Assert.Equal("outside_hours", date.Text("hindrance")));
        Assert.Empty((await studio.Get(client, "/api/v1/bookings").Ok()).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task TenOClockStaysTenOClockWhenTheClocksChange()
    {
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainerAtWork(), await studio.GivenClient());
        var type = await studio.GivenSessionType(("horizon_days", 730));

        var series = await studio.Post(client, "/api/v1/bookings/series", Weekly(type, trainer, "10:00", 52)).Created();

        var locals = Times(series, "booked").Select(at => Instant.FromDateTimeOffset(at).InZone(Toronto)).ToList();
        Assert.Equal(52, locals.Count);
        Assert.All(locals, local => Assert.Equal(new LocalTime(10, 0), local.TimeOfDay));
        Assert.Equal(2, locals.Select(local => local.Offset).Distinct().Count());
    }

    [Fact]
    public async Task TheRestOfASeriesMovesTogetherAndWhatCannotMoveStays()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var series = await studio.Post(client, "/api/v1/bookings/series", Weekly(type, trainer, "10:00", 4)).Created();
        await studio.Book(await studio.GivenClient(), type, trainer, SchedulingStory.At(days: 17, hour: 11)).Created();
        var second = series.GetProperty("booked")[1].Id();
        var edit = new { scope = "following", from_booking_id = second, starts = "10:30", preview = true };

        var preview = await studio.Post(client, $"/api/v1/bookings/series/{series.Id()}/reschedule", edit).Ok();
        Assert.Equal(SchedulingStory.At(days: 10, hour: 10), (await studio.Get(client, $"/api/v1/bookings/{second}").Ok()).Time("starts_at"));
        var done = await studio.Post(client, $"/api/v1/bookings/series/{series.Id()}/reschedule", edit with { preview = false }).Ok();

        Assert.Equal([SchedulingStory.At(days: 10, hour: 10, minute: 30), SchedulingStory.At(days: 24, hour: 10, minute: 30)], Times(done, "moved"));
        Assert.Equal(Times(preview, "moved"), Times(done, "moved"));
        var kept = Assert.Single(done.GetProperty("kept").EnumerateArray());
        Assert.Equal(("slot_taken", SchedulingStory.At(days: 17, hour: 10)), (kept.Text("hindrance"), kept.GetProperty("booking").Time("starts_at")));
        Assert.Equal(SchedulingStory.At(days: 3, hour: 10), (await studio.Get(client, $"/api/v1/bookings/{series.GetProperty("booked")[0].Id()}").Ok()).Time("starts_at"));
        Assert.Single(await system.Told("booking.rescheduled", second));
    }

    [Fact]
    public async Task SessionsOfASeriesMakeRoomForEachOther()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var days = Enum.GetNames<DayOfWeek>().Select(day => day.ToLowerInvariant()).ToArray();
        var request = new { session_type_id = type, trainer_id = trainer.Id, recurrence = new { starts_on = Date(3), starts = "10:00", days, occurrences = 5 } };
        var series = await studio.Post(client, "/api/v1/bookings/series", request).Created();

        var moved = await studio.Post(client, $"/api/v1/bookings/series/{series.Id()}/reschedule", new { scope = "all", starts = "10:00", shift_days = 1 }).Ok();

        Assert.Equal(Enumerable.Range(4, 5).Select(day => SchedulingStory.At(day, hour: 10)), Times(moved, "moved"));
        Assert.Equal(10, await system.Database("schedulingdb").Count("SELECT COUNT(*) FROM busy b JOIN bookings_rows r ON r.id = b.source_id WHERE r.series_id = @series", ("series", series.Id())));
    }

    [Fact]
    public async Task TheRestOfASeriesIsCancelledTogether()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var series = await studio.Post(client, "/api/v1/bookings/series", Weekly(type, trainer, "10:00", 4)).Created();
        var third = series.GetProperty("booked")[2].Id();

        var done = await studio.Post(client, $"/api/v1/bookings/series/{series.Id()}/cancel", new { scope = "following", from_booking_id = third, reason = "other" }).Ok();

        Assert.Equal(2, done.GetProperty("cancelled").GetArrayLength());
        var all = (await studio.Get(client, $"/api/v1/bookings/series/{series.Id()}").Ok()).GetProperty("bookings");
        Assert.Equal(["confirmed", "confirmed", "cancelled", "cancelled"], all.EnumerateArray().Select(booking => booking.Text("status")));
        await studio.Post(client, $"/api/v1/bookings/series/{series.Id()}/cancel", new { scope = "all", reason = "other" }).Ok();
        await studio.Post(client, $"/api/v1/bookings/series/{series.Id()}/cancel", new { scope = "all", reason = "other" }).Refused(HttpStatusCode.Conflict, "series.nothing_upcoming");
    }

    [Fact]
    public async Task ASeriesIsItsPeoplesOnly()
    {
        var (studio, other) = (await system.GivenStudio(), await system.GivenStudio());
        var (trainer, client, type) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenSessionType());
        var id = (await studio.Post(client, "/api/v1/bookings/series", Weekly(type, trainer, "10:00", 2)).Created()).Id();

        await studio.Get(await studio.GivenClient(), $"/api/v1/bookings/series/{id}").Refused(HttpStatusCode.NotFound, "series.unknown");
        await other.Post(other.Owner, $"/api/v1/bookings/series/{id}/cancel", new { scope = "all", reason = "other" }).Refused(HttpStatusCode.NotFound, "series.unknown");
        await studio.Post(client, $"/api/v1/bookings/series/{id}/cancel", new { scope = "following", reason = "other" }).Refused(HttpStatusCode.BadRequest, "request.invalid");
        await studio.Post(client, "/api/v1/bookings/series", Weekly(type, trainer, "25:00", 2)).Refused(HttpStatusCode.BadRequest, "request.invalid");
        await studio.Post(client, "/api/v1/bookings/series", Weekly(type, trainer, "10:00", 1_000)).Refused(HttpStatusCode.BadRequest, "request.invalid");
    }

    private static object Weekly(Guid type, Person trainer, string starts, int occurrences) =>
        new { session_type_id = type, trainer_id = trainer.Id, recurrence = new { starts_on = Date(3), starts, occurrences } };

    private static string Date(int days) => Instant.FromDateTimeOffset(SchedulingStory.At(days, hour: 12)).InZone(Toronto).Date.ToString("uuuu-MM-dd", null);

    private static IEnumerable<DateTimeOffset> Times(JsonElement answer, string list) => answer.GetProperty(list).EnumerateArray().Select(item => item.Time("starts_at"));
}
