using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Tests.Classes;

/// What happens around a studio's classes, in its own words.
internal static class ClassStory
{
    /// An hour of yoga for ten, for 45 dollars.
    public static Task<Guid> GivenClassType(this Studio studio, params (string Field, object? Value)[] with) =>
        studio.GivenSessionType([("name", "Yoga"), ("kind", "group"), ("capacity", 10), .. with]);

    /// By the owner, at whatever hour.
    public static Task<HttpResponseMessage> Schedule(
        this Studio studio, Guid type, Person trainer, DateTimeOffset at, params (string Field, object? Value)[] with) =>
        studio.Schedule(studio.Owner, type, trainer, [("starts_at", at), .. with]);

    public static Task<HttpResponseMessage> Schedule(
        this Studio studio, Person by, Guid type, Person trainer, IEnumerable<(string Field, object? Value)> with, string path = "/api/v1/classes") =>
        studio.Post(by, path, Wanted(type, trainer, with));

    /// One that is simply there.
    public static async Task<JsonElement> GivenClass(
        this Studio studio, Guid type, Person trainer, DateTimeOffset at, params (string Field, object? Value)[] with) =>
        (await studio.Schedule(type, trainer, at, with).Created()).GetProperty("classes")[0];

    /// A yoga class of so many seats in three days, with all that it needs.
    public static async Task<(Guid Class, Person Trainer, Guid Type)> GivenYoga(this Studio studio, int capacity, params (string Field, object? Value)[] with)
    {
        var (trainer, type) = (await studio.GivenTrainer(), await studio.GivenClassType());
        return ((await studio.GivenClass(type, trainer, SchedulingStory.At(days: 3, hour: 18), [("capacity", capacity), .. with])).Id(), trainer, type);
    }

    public static Task<HttpResponseMessage> Enrol(this Studio studio, Guid @class, Person client, Person? by = null, bool waitlist = true) =>
        studio.Post(by ?? client, $"/api/v1/classes/{@class}/enrol", new { client_id = client.Id, waitlist });

    /// In the order in which they are named; first the seats, then the line.
    public static async Task<IReadOnlyList<JsonElement>> GivenEnrolled(this Studio studio, Guid @class, params IEnumerable<Person> clients)
    {
        var enrolments = new List<JsonElement>();
        foreach (var client in clients) enrolments.Add(await studio.Enrol(@class, client, by: studio.Owner).Created());
        return enrolments;
    }

    public static Task<HttpResponseMessage> Leave(this Studio studio, Guid @class, Person client, Person? by = null, string? reason = null) =>
        studio.Post(by ?? client, $"/api/v1/classes/{@class}/cancel-enrolment", new { client_id = client.Id, reason });

    public static Task<HttpResponseMessage> Accept(this Studio studio, Guid @class, Person client, Person? by = null) =>
        studio.Post(by ?? client, $"/api/v1/classes/{@class}/accept", new { client_id = client.Id });

    public static Task<HttpResponseMessage> Decline(this Studio studio, Guid @class, Person client, Person? by = null) =>
        studio.Post(by ?? client, $"/api/v1/classes/{@class}/decline", new { client_id = client.Id });

    public static async Task<HttpResponseMessage> Change(this Studio studio, JsonElement it, Person by, params (string Field, object? Value)[] with)
    {
        var request = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["version"] = it.GetProperty("version").GetInt32(),
            ["starts_at"] = it.Time("starts_at"),
            ["trainer_id"] = it.Id("trainer_id"),
            ["capacity"] = it.GetProperty("capacity").GetInt32(),
            ["outside_hours"] = true,
        };
        foreach (var (field, value) in with) request[field] = value;
        using var http = studio.Http(by);
        return await http.PutAsJsonAsync($"/api/v1/classes/{it.Id()}", request, Json.Options);
    }

    public static Task<JsonElement> Look(this Studio studio, Guid @class, Person? by = null) => studio.Get(by ?? studio.Owner, $"/api/v1/classes/{@class}").Ok();

    /// What the client has in the class, by the class itself.
    public static async Task<string?> StatusOf(this Studio studio, Guid @class, Person client) =>
        (await studio.Look(@class, client)).GetProperty("my_status").GetString();

    /// What each on the roster has, in its order.
    public static async Task<IReadOnlyList<(Guid Client, string Status)>> Roster(this Studio studio, Guid @class) =>
    [
        .. (await studio.Get(studio.Owner, $"/api/v1/classes/{@class}/roster").Ok()).GetProperty("data").EnumerateArray()
            .Select(entry => (entry.Id("client_id"), entry.Text("status"))),
    ];

    /// Whose time it takes.
    public static async Task<IReadOnlySet<Guid>> TimeTakenBy(this RunningSystem system, Guid @class) => (await system.Database("schedulingdb").Read(
        "SELECT resource_id FROM busy WHERE source_id = @class", row => new Guid((byte[])row[0]!, bigEndian: true), ("class", @class))).ToHashSet();

    public static Task<long> RemindersOf(this RunningSystem system, Guid @class, Person client) => system.Database("schedulingdb").Count(
        "SELECT COUNT(*) FROM reminders WHERE kind = 'class' AND subject_id = @class AND person_id = @client", ("class", @class), ("client", client.Id));

    /// As if all offers of the class had been made long ago.
    public static async Task OffersRunOut(this RunningSystem system, Guid @class)
    {
        var database = system.Database("schedulingdb");
        await database.Write("UPDATE enrolments_rows SET offered_until = UTC_TIMESTAMP(6) WHERE class_id = @class AND status = 'offered'", ("class", @class));
        await database.Write("UPDATE lines_due SET due_at = UTC_TIMESTAMP(6) WHERE class_id = @class", ("class", @class));
    }

    /// As if the class were so far from now.
    public static async Task Begins(this RunningSystem system, Guid @class, TimeSpan from)
    {
        var (database, seconds) = (system.Database("schedulingdb"), (int)from.TotalSeconds);
        await database.Write(
            """
            UPDATE classes_rows
            SET ends_at = TIMESTAMPADD(MICROSECOND, TIMESTAMPDIFF(MICROSECOND, starts_at, ends_at), TIMESTAMPADD(SECOND, @seconds, UTC_TIMESTAMP(6))),
                starts_at = TIMESTAMPADD(SECOND, @seconds, UTC_TIMESTAMP(6))
            WHERE id = @class
            """, ("class", @class), ("seconds", seconds));
        await database.Write(
            "UPDATE enrolments_rows SET starts_at = TIMESTAMPADD(SECOND, @seconds, UTC_TIMESTAMP(6)) WHERE class_id = @class", ("class", @class), ("seconds", seconds));
    }

    /// Date and hour as events tell them, by the clock of the studio.
    public static (string Date, string Time) Local(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById("America/Toronto"));
        return (local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), local.ToString("HH:mm:ss", CultureInfo.InvariantCulture));
    }

    private static Dictionary<string, object?> Wanted(Guid type, Person trainer, IEnumerable<(string Field, object? Value)> with)
    {
        var request = new Dictionary<string, object?>(StringComparer.Ordinal) { ["session_type_id"] = type, ["trainer_id"] = trainer.Id, ["outside_hours"] = true };
        foreach (var (field, value) in with) request[field] = value;
        return request;
    }
}
