using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FitFlow.ServiceDefaults;
using NodaTime;

namespace FitFlow.Scheduling.Tests.Availability;

/// What is said about hours and slots. The studio's clock is Toronto's.
internal static class AvailabilityStory
{
    public static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["America/Toronto"];

    public sealed record Slot(LocalDate Date, string Local, string Offset, DateTimeOffset StartsAt, DateTimeOffset EndsAt, IReadOnlyList<Guid> Trainers);

    public static LocalDate Today => Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()).InZone(Zone).Date;

    /// A week that lies ahead in whole, and within every horizon.
    public static LocalDate Monday => Today.PlusDays(7).With(DateAdjusters.NextOrSame(IsoDayOfWeek.Monday));

    public static LocalDateTime At(this LocalDate date, int hour, int minute) => date.At(new LocalTime(hour, minute));

    public static DateTimeOffset At(this LocalDate date, string time) =>
        Zone.AtStrictly(date + LocalTime.FromTimeOnly(TimeOnly.Parse(time))).ToInstant().ToDateTimeOffset();

    public static object Rule(DayOfWeek day, string starts, string ends, string? validFrom = null, string? validUntil = null) =>
        new { day, starts, ends, valid_from = validFrom, valid_until = validUntil };

    public static object[] EveryDay(string starts, string ends) => [.. Enum.GetValues<DayOfWeek>().Select(day => Rule(day, starts, ends))];

    /// By the owner, if nobody else is named.
    public static async Task<HttpResponseMessage> Ask(this Studio studio, HttpMethod method, string path, object? body = null, Person? who = null)
    {
        using var http = studio.Http(who ?? studio.Owner);
        using var request = new HttpRequestMessage(method, $"/api/v1{path}");
        request.Headers.Add("Idempotency-Key", Path.GetRandomFileName());
        if (body is not null) request.Content = JsonContent.Create(body, options: Json.Options);
        return await http.SendAsync(request);
    }

    public static Task<HttpResponseMessage> Get(this Studio studio, string path, Person? who = null) => studio.Ask(HttpMethod.Get, path, who: who);

    public static async Task<JsonElement> ShouldBe(this Task<HttpResponseMessage> answer, HttpStatusCode status)
    {
        using var response = await answer;
        response.ShouldBe(status);
        return await response.Read();
    }

    public static async Task<JsonElement> ShouldBeProblem(this Task<HttpResponseMessage> answer, HttpStatusCode status, string code) =>
        await (await answer).ShouldBeProblem(status, code);

    /// An hour, all day long, seldom held to notice.
    public static async Task<Guid> GivenSessionType(
        this Studio studio, int minutes = 60, int before = 0, int after = 0, int notice = 0, int horizon = 90, string kind = "one_on_one",
        IEnumerable<Guid>? rooms = null, IEnumerable<Guid>? trainers = null)
    {
        var made = await studio.Ask(HttpMethod.Post, "/session-types", new
        {
            name = "Strength",
            kind,
            minutes,
            buffer_before_minutes = before,
            buffer_after_minutes = after,
            price = new { amount = 4500, currency = "CAD" },
            capacity = kind == "group" ? 8 : 1,
            room_ids = rooms ?? [],
            trainer_ids = trainers ?? [],
            notice_minutes = notice,
            horizon_days = horizon,
        }).ShouldBe(HttpStatusCode.Created);
        return made.GetProperty("id").GetGuid();
    }

    public static async Task<Guid> GivenRoom(this Studio studio) =>
        (await studio.Ask(HttpMethod.Post, "/rooms", new { name = Path.GetRandomFileName() }).ShouldBe(HttpStatusCode.Created)).GetProperty("id").GetGuid();

    public static Task<HttpResponseMessage> PutRules(this Studio studio, Person trainer, object[] rules, Person? who = null) =>
        studio.Ask(HttpMethod.Put, $"/availability/{trainer.Id}/rules", new { rules }, who);

    public static async Task<JsonElement> GivenHours(this Studio studio, Person trainer, params object[] rules) =>
        await studio.PutRules(trainer, rules).ShouldBe(HttpStatusCode.OK);

    public static Task<HttpResponseMessage> AddException(this Studio studio, Person trainer, string kind, string startsLocal, string endsLocal, Person? who = null) =>
        studio.Ask(HttpMethod.Post, $"/availability/{trainer.Id}/exceptions", new { kind, starts_local = startsLocal, ends_local = endsLocal }, who);

    public static async Task<JsonElement> GivenException(this Studio studio, Person trainer, string kind, LocalDateTime starts, LocalDateTime ends) =>
        await studio.AddException(trainer, kind, Text(starts), Text(ends)).ShouldBe(HttpStatusCode.Created);

    public static string Text(LocalDateTime local) => local.ToString("uuuu-MM-dd'T'HH:mm", null);

    public static string Text(LocalDate date) => date.ToString("uuuu-MM-dd", null);

    public static async Task<JsonElement> Book(this Studio studio, Guid type, Person trainer, Person client, DateTimeOffset startsAt) =>
        await studio.Ask(HttpMethod.Post, "/bookings", new { session_type_id = type, trainer_id = trainer.Id, client_id = client.Id, starts_at = startsAt })
            .ShouldBe(HttpStatusCode.Created);

    public static Task<HttpResponseMessage> AskSlots(this Studio studio, Guid type, string trainer, LocalDate from, LocalDate? to = null, Person? who = null) =>
        studio.Get($"/availability?session_type={type}&trainer={trainer}&from={Text(from)}&to={Text(to ?? from)}", who);

    public static async Task<IReadOnlyList<Slot>> Slots(this Studio studio, Guid type, string trainer, LocalDate from, LocalDate? to = null, Person? who = null)
    {
        var answer = await studio.AskSlots(type, trainer, from, to, who).ShouldBe(HttpStatusCode.OK);
        return [.. answer.GetProperty("data").EnumerateArray().SelectMany(day => day.GetProperty("slots").EnumerateArray().Select(slot => Read(slot, day.GetProperty("date"))))];
    }

    /// The times of one day, by the studio's clock.
    public static async Task<IReadOnlyList<string>> Times(this Studio studio, Guid type, Person trainer, LocalDate date) =>
        [.. (await studio.Slots(type, trainer.Id.ToString(), date)).Select(slot => slot.Local)];

    public static async Task<IReadOnlyList<Slot>> Next(this Studio studio, Guid type, string rest = "", Person? who = null)
    {
        var answer = await studio.Get($"/availability/next?session_type={type}{rest}", who).ShouldBe(HttpStatusCode.OK);
        return [.. answer.GetProperty("data").EnumerateArray().Select(slot => Read(slot, slot.GetProperty("date")))];
    }

    public static IReadOnlyList<Guid> Conflicts(this JsonElement answer) =>
        [.. answer.GetProperty("conflicts").EnumerateArray().Select(conflict => conflict.GetProperty("booking_id").GetGuid())];

    /// What the log holds of changed hours in this studio, oldest first.
    public static async Task<IReadOnlyList<Guid>> HoursChanged(this Studio studio) =>
    [
        .. (await studio.System.Database("schedulingdb").Read<string>(
            "SELECT payload FROM outbox WHERE type = 'availability.changed' AND tenant_id = @Studio ORDER BY seq", ("Studio", studio.Id)))
            .Select(payload => JsonSerializer.Deserialize<JsonElement>(payload).GetProperty("trainer_id").GetGuid()),
    ];

    private static Slot Read(JsonElement slot, JsonElement date) => new(
        LocalDate.FromDateOnly(DateOnly.ParseExact(date.GetString()!, "yyyy-MM-dd")),
        slot.GetProperty("starts_local").GetString()!,
        slot.GetProperty("utc_offset").GetString()!,
        slot.GetProperty("starts_at").GetDateTimeOffset(),
        slot.GetProperty("ends_at").GetDateTimeOffset(),
        [.. slot.GetProperty("trainer_ids").EnumerateArray().Select(id => id.GetGuid())]);
}
