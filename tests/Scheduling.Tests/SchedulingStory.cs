using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Tests;

/// What happens at a studio's desk, in its own words.
internal static class SchedulingStory
{
    private static readonly string[] Days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    /// An hour with one trainer, for 45 dollars; without buffers, notice or rooms unless the test says so.
    public static async Task<Guid> GivenSessionType(this Studio studio, params (string Field, object? Value)[] with)
    {
        var type = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["name"] = "Personal training",
            ["kind"] = "one_on_one",
            ["minutes"] = 60,
            ["price"] = new { amount = 4500, currency = "CAD" },
            ["notice_minutes"] = 0,
        };
        foreach (var (field, value) in with) type[field] = value;
        return (await studio.Post(studio.Owner, "/api/v1/session-types", type).Created()).GetProperty("id").GetGuid();
    }

    public static async Task<Guid> GivenRoom(this Studio studio) =>
        (await studio.Post(studio.Owner, "/api/v1/rooms", new { name = "Studio A" }).Created()).GetProperty("id").GetGuid();

    /// A trainer who works here at any hour.
    public static async Task<Person> GivenTrainerAtWork(this Studio studio) => (await studio.GivenTrainersAtWork(1))[0];

    public static async Task<IReadOnlyList<Person>> GivenTrainersAtWork(this Studio studio, int count)
    {
        var trainers = await studio.GivenTrainers(count);
        foreach (var trainer in trainers) await studio.WorksAlways(trainer);
        return trainers;
    }

    public static Task WorksAlways(this Studio studio, Person trainer) => studio.Works(trainer, "00:00", "00:00");

    /// The same hours on every day of the week.
    public static async Task Works(this Studio studio, Person trainer, string starts, string ends)
    {
        using var http = studio.Http(studio.Owner);
        var said = await http.PutAsJsonAsync($"/api/v1/availability/{trainer.Id}/rules", new { rules = Days.Select(day => new { day, starts, ends }) }, Json.Options);
        said.ShouldBe(HttpStatusCode.OK);
    }

    /// So many days from now, at that hour of the studios' clock, America/Toronto, where no clock changes in the next months' tests matter to whole hours.
    public static DateTimeOffset At(int days, int hour, int minute = 0)
    {
        var zone = NodaTime.DateTimeZoneProviders.Tzdb["America/Toronto"];
        var date = NodaTime.Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()).InZone(zone).Date.PlusDays(days);
        return zone.AtLeniently(date + new NodaTime.LocalTime(hour, minute)).ToDateTimeOffset().ToUniversalTime();
    }

    public static Task<HttpResponseMessage> Book(
        this Studio studio, Person by, Guid type, Person? trainer, DateTimeOffset startsAt, params (string Field, object? Value)[] with)
    {
        var request = new Dictionary<string, object?>(StringComparer.Ordinal) { ["session_type_id"] = type, ["trainer_id"] = trainer?.Id, ["starts_at"] = startsAt };
        foreach (var (field, value) in with) request[field] = value;
        return studio.Post(by, "/api/v1/bookings", request);
    }

    /// A booking that is simply there; by the owner, so that it may lie in the past.
    public static async Task<JsonElement> GivenBooking(this Studio studio, Guid type, Person trainer, Person client, DateTimeOffset startsAt) =>
        await studio.Book(studio.Owner, type, trainer, startsAt, ("client_id", client.Id), ("outside_hours", true)).Created();

    public static async Task<HttpResponseMessage> Post(this Studio studio, Person by, string path, object? body = null)
    {
        using var http = studio.Http(by);
        return await http.PostAsJsonAsync(path, body ?? new { }, Json.Options);
    }

    public static async Task<HttpResponseMessage> Get(this Studio studio, Person by, string path)
    {
        using var http = studio.Http(by);
        return await http.GetAsync(path);
    }

    public static async Task<JsonElement> Created(this Task<HttpResponseMessage> answer)
    {
        using var response = await answer;
        response.ShouldBe(HttpStatusCode.Created);
        return await response.Read();
    }

    public static async Task<JsonElement> Ok(this Task<HttpResponseMessage> answer)
    {
        using var response = await answer;
        response.ShouldBe(HttpStatusCode.OK);
        return await response.Read();
    }

    public static async Task<JsonElement> Refused(this Task<HttpResponseMessage> answer, HttpStatusCode status, string code)
    {
        using var response = await answer;
        return await response.ShouldBeProblem(status, code);
    }

    public static Guid Id(this JsonElement element, string name = "id") => element.GetProperty(name).GetGuid();

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static DateTimeOffset Time(this JsonElement element, string name) => element.GetProperty(name).GetDateTimeOffset();

    /// The data of what was told about this, in order.
    public static Task<IReadOnlyList<string>> Told(this RunningSystem system, string type, Guid about) => system.Database("schedulingdb").Read<string>(
        "SELECT payload FROM outbox WHERE type = @type AND aggregate_id = @about ORDER BY seq", ("type", type), ("about", about));

    /// As time goes by: it begins in just about so many hours, and a reminder is due. When it begins.
    public static Task<DateTimeOffset> ComesNear(this RunningSystem system, Guid booking, int hours) => system.Starts(booking, TimeSpan.FromHours(hours));

    /// It begins so long from now, or began so long ago.
    public static Task<DateTimeOffset> Starts(this RunningSystem system, Guid booking, TimeSpan from) => system.Shift("bookings_rows", booking, from);

    public static Task<DateTimeOffset> ClassComesNear(this RunningSystem system, Guid id, int hours) => system.Shift("classes_rows", id, TimeSpan.FromHours(hours));

    private static async Task<DateTimeOffset> Shift(this RunningSystem system, string table, Guid id, TimeSpan from)
    {
        var now = TimeProvider.System.GetUtcNow() + from;
        var at = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
        var move = table == "bookings_rows"
            ? "UPDATE bookings_rows SET ends_at = TIMESTAMPADD(HOUR, 1, @at), starts_at = @at WHERE id = @id;"
            : "UPDATE classes_rows SET ends_at = TIMESTAMPADD(HOUR, 1, @at), starts_at = @at WHERE id = @id; UPDATE enrolments_rows SET starts_at = @at WHERE class_id = @id;";
        await system.Database("schedulingdb").Write(
            $"START TRANSACTION; {move} UPDATE reminders SET due_at = TIMESTAMPADD(HOUR, -hours, @at) WHERE subject_id = @id; COMMIT", ("at", at.UtcDateTime), ("id", id));
        return at;
    }
}
