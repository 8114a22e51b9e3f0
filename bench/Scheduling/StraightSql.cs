using System.Text.Json;
using MySql.Data.MySqlClient;

namespace FitFlow.Bench.Scheduling;

/// <summary>
/// The statements of a booking as the service sends them, as many in a trip, by a program that does nothing else: no HTTP, no token, nobody asked who the people are.
/// One connection for each caller.
/// </summary>
internal sealed class StraightSql(MySqlConnection connection, Guid studio, Guid type) : IAsyncDisposable
{
    private const string Look =
        """
        SELECT resource_id, starts_at, ends_at, source_id
        FROM busy
        WHERE resource_id IN (@Trainer, @Client)
          AND starts_at > @Before AND starts_at < @Until
          AND ends_at > @From
          AND (expires_at IS NULL OR expires_at > @Now)
        """;

    private const string Lock =
        """
        INSERT INTO busy_locks (resource_id)
        VALUES (@First), (@Second), (@Second), (@Second)
        ON DUPLICATE KEY UPDATE resource_id = busy_locks.resource_id
        """;

    private const string Hours =
        """
        SELECT trainer_id AS resource_id, day, starts, ends, valid_from, valid_until, NULL AS kind, NULL AS starts_at, NULL AS ends_at
        FROM availability_rules
        WHERE trainer_id = @Trainer
        UNION ALL
        SELECT trainer_id, NULL, NULL, NULL, NULL, NULL, kind, starts_local, ends_local
        FROM availability_exceptions
        WHERE trainer_id = @Trainer AND ends_local > @Before AND starts_local < @Until
        """;

    private const string Insert =
        """
        INSERT INTO bookings (
          tenant_id, id, owner_id, trainer_id, session_type_id, kind, starts_at, ends_at, status, payment_status, price_amount, price_currency,
          cancel_free_until, cancel_until, booked_by, booked_at, version, updated_at)
        VALUES (@Studio, @Id, @Client, @Trainer, @Type, 'one_on_one', @From, @Until, 'confirmed', 'due', 4500, 'CAD', @Before, @From, @Client, @Now, 1, @Now)
        """;

    private const string Take =
        """
        INSERT INTO busy (resource_id, starts_at, ends_at, source_id, expires_at)
        SELECT UNHEX(wanted.resource), wanted.starts_at, wanted.ends_at, @Id, NULL
        FROM JSON_TABLE(@Takings, '$[*]' COLUMNS (
          resource CHAR(32) PATH '$.resource', starts_at DATETIME(6) PATH '$.starts_at', ends_at DATETIME(6) PATH '$.ends_at')) wanted
        """;

    private const string Remind =
        """
        INSERT INTO reminders (due_at, subject_id, person_id, hours, tenant_id, kind)
        SELECT before_it.due_at, @Id, @Client, before_it.hours, @Studio, 'booking'
        FROM (
          SELECT CAST(@From AS DATETIME(6)) - INTERVAL wanted.hours HOUR AS due_at, wanted.hours
          FROM JSON_TABLE('[24,1]', '$[*]' COLUMNS (hours INT PATH '$')) wanted) before_it
        WHERE before_it.due_at > @Now
        """;

    private const string Tell =
        """
        INSERT INTO outbox (id, aggregate_id, type, tenant_id, user_id, correlation_id, payload, trace_parent, created_at)
        VALUES (@Event, @Id, 'booking.created', @Studio, @Client, 'straight', @Payload, NULL, @Now);
        COMMIT
        """;

    private static readonly string Payload = new('x', 500);

    public static async Task<StraightSql> Connect(string server, BenchStudio studio, CancellationToken ct)
    {
        var connection = await StudioTables.Open(server, studio.Studio.Id, ct);
        await using var command = new MySqlCommand("SET autocommit = 0, transaction_isolation = 'READ-COMMITTED'", connection);
        await command.ExecuteNonQueryAsync(ct);
        return new StraightSql(connection, studio.Studio.Id, studio.SessionType);
    }

    public async Task Book(Guid trainer, Guid client, DateTimeOffset at)
    {
        var now = TimeProvider.System.GetUtcNow();
        Guid[] locks = [.. new[] { trainer, client }.OrderBy(id => id.ToString(), StringComparer.Ordinal)];
        var args = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["Studio"] = studio,
            ["Type"] = type,
            ["Id"] = Guid.CreateVersion7(now),
            ["Event"] = Guid.CreateVersion7(now),
            ["Trainer"] = trainer,
            ["Client"] = client,
            ["First"] = locks[0],
            ["Second"] = locks[1],
            ["From"] = at.UtcDateTime,
            ["Until"] = at.UtcDateTime.AddHours(1),
            ["Before"] = at.UtcDateTime.AddDays(-1),
            ["Now"] = now.UtcDateTime,
            ["Payload"] = Payload,
            ["Takings"] = JsonSerializer.Serialize(new[] { trainer, client }.Select(id => new
            {
                resource = id.ToString("N"),
                starts_at = at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", null),
                ends_at = at.UtcDateTime.AddHours(1).ToString("yyyy-MM-dd HH:mm:ss.ffffff", null),
            })),
        };
        if (await Read(Lock + ";" + Look, args) > 0) throw new InvalidOperationException("This hour was to be free.");
        await Read(Hours, args);
        await Read(Insert + ";" + Take + ";" + Remind, args);
        await Read(Tell, args);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<int> Read(string sql, Dictionary<string, object> args)
    {
        await using var command = new MySqlCommand(sql, connection);
        foreach (var (name, value) in args)
        {
            if (sql.Contains($"@{name}", StringComparison.Ordinal)) command.Parameters.AddWithValue(name, value is Guid id ? id.ToByteArray(bigEndian: true) : value);
        }

        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0;
        while (await reader.ReadAsync()) rows++;
        return rows;
    }
}
