using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FitFlow.Testing;

namespace FitFlow.Bench.Scheduling;

/// <summary>A studio as it looks after a year: trainers with hours, clients, and sessions past and to come. Written straight into the tables.</summary>
internal sealed record BenchStudio(Studio Studio, IReadOnlyList<Person> Trainers, IReadOnlyList<Person> Clients, Guid SessionType)
{
    /// <summary>A studio that nobody asks about, for the tables' size alone: as many sessions, of people who are only ids.</summary>
    private const int OthersTrainers = 5, OthersDays = 80, OthersHours = 5;

    private const string Week = """["monday","tuesday","wednesday","thursday","friday","saturday","sunday"]""";

    public static async Task<BenchStudio> Make(RunningSystem system, string server, int trainers, int clients, CancellationToken ct)
    {
        var studio = await system.GivenStudio();
        var type = await Post(studio, "/api/v1/session-types", new { name = "Personal training", kind = "one_on_one", minutes = 60, price = new { amount = 4500, currency = "CAD" }, horizon_days = 365 });
        var made = new BenchStudio(studio, await studio.GivenTrainers(trainers), await studio.GivenClients(clients), type.GetProperty("id").GetGuid());
        await made.Work(server, made.Trainers, "07:00:00", "21:00:00", ct);
        await made.Fill(server, ct);
        return made;
    }

    /// <summary>Hours on every day of the week.</summary>
    public Task Work(string server, IEnumerable<Person> trainers, string starts, string ends, CancellationToken ct) => StudioTables.Write(
        server, Studio.Id,
        """
        INSERT INTO availability_rules (tenant_id, trainer_id, id, day, starts, ends)
        SELECT @Studio, UNHEX(t.id), UNHEX(REPLACE(UUID(), '-', '')), d.day, @Starts, @Ends
        FROM JSON_TABLE(@Trainers, '$[*]' COLUMNS (id CHAR(32) PATH '$')) t
        JOIN JSON_TABLE(@Week, '$[*]' COLUMNS (day VARCHAR(9) PATH '$')) d
        """, ct, ("Starts", starts), ("Ends", ends), ("Trainers", Ids(trainers)), ("Week", Week));

    /// <summary>Other studios with sessions of their own.</summary>
    public static async Task MakeOthers(string server, int studios, CancellationToken ct)
    {
        for (var i = 0; i < studios; i++)
        {
            ct.ThrowIfCancellationRequested();
            var studio = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
            var people = Enumerable.Range(0, OthersTrainers).Select(_ => Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N")).ToList();
            await Book(server, studio, studio, people, people, OthersDays / 2, OthersDays, OthersHours, ct);
        }
    }

    private Task Fill(string server, CancellationToken ct) => Book(
        server, Studio.Id, SessionType, [.. Trainers.Select(person => person.Id.ToString("N"))], [.. Clients.Select(person => person.Id.ToString("N"))], daysBefore: 270, days: 365, hours: 8, ct);

    /// <summary>So many a day with each trainer, an hour each, beginning at nine in Toronto.</summary>
    private static async Task Book(
        string server, Guid studio, Guid type, IReadOnlyList<string> trainers, IReadOnlyList<string> clients, int daysBefore, int days, int hours, CancellationToken ct)
    {
        await StudioTables.Write(
            server, studio,
            """
            INSERT INTO bookings (
              tenant_id, id, owner_id, trainer_id, session_type_id, kind, starts_at, ends_at, status, payment_status, price_amount, price_currency,
              cancel_free_until, cancel_until, booked_by, booked_at, version, updated_at)
            WITH RECURSIVE days AS (SELECT 0 AS n UNION ALL SELECT n + 1 FROM days WHERE n + 1 < @Days),
              hours AS (SELECT 0 AS n UNION ALL SELECT n + 1 FROM hours WHERE n + 1 < @Hours),
              wanted AS (
                SELECT t.id AS trainer, UTC_DATE() - INTERVAL @Before DAY + INTERVAL d.n DAY + INTERVAL 14 + h.n HOUR AS at,
                  (t.n * 7 + d.n * 13 + h.n * 3) % @Clients + 1 AS client
                FROM JSON_TABLE(@Trainers, '$[*]' COLUMNS (n FOR ORDINALITY, id CHAR(32) PATH '$')) t
                JOIN days d
                JOIN hours h)
            SELECT @Studio, UNHEX(REPLACE(UUID(), '-', '')), UNHEX(c.id), UNHEX(w.trainer), @Type, 'one_on_one', w.at, w.at + INTERVAL 1 HOUR,
              IF(w.at < UTC_TIMESTAMP(), 'completed', 'confirmed'), 'due', 4500, 'CAD', w.at, w.at, UNHEX(c.id), UTC_TIMESTAMP(6), 1, UTC_TIMESTAMP(6)
            FROM wanted w
            JOIN JSON_TABLE(@People, '$[*]' COLUMNS (n FOR ORDINALITY, id CHAR(32) PATH '$')) c ON c.n = w.client
            """, ct,
            ("Type", type), ("Trainers", JsonSerializer.Serialize(trainers)), ("People", JsonSerializer.Serialize(clients)), ("Clients", clients.Count),
            ("Days", days), ("Before", daysBefore), ("Hours", hours));
        await StudioTables.Write(
            server, studio,
            """
            INSERT INTO busy (resource_id, starts_at, ends_at, source_id)
            SELECT trainer_id, starts_at, ends_at, id
            FROM bookings
            WHERE tenant_id = @Studio
            UNION ALL
            SELECT owner_id, starts_at, ends_at, id
            FROM bookings
            WHERE tenant_id = @Studio AND owner_id <> trainer_id
            """, ct);
    }

    private static string Ids(IEnumerable<Person> people) => JsonSerializer.Serialize(people.Select(person => person.Id.ToString("N")));

    private static async Task<JsonElement> Post(Studio studio, string path, object body)
    {
        using var http = studio.Http(studio.Owner);
        using var answer = await http.PostAsJsonAsync(path, body, FitFlow.ServiceDefaults.Json.Options);
        return answer.StatusCode == HttpStatusCode.Created ? await answer.Read() : throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }
}
