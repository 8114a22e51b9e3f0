using System.Text.RegularExpressions;
using MySql.Data.MySqlClient;

namespace FitFlow.Scheduling.Tests.Classes;

/// Who looks at a page of the timetable reads that page: counted by the server while it runs the statements of the source, on twenty studios with two
/// hundred classes each and ten people in every one.
public sealed partial class TimetableIndexTests(RunningSystem system) : IAsyncLifetime
{
    /// About a hundred rows are read to say how many were.
    private const int TheQuestionItself = 120;

    private readonly string _name = $"timetable_{Convert.ToHexStringLower(Random.Shared.GetItems<byte>([.. Enumerable.Range(0, 256).Select(i => (byte)i)], 6))}";
    private MySqlConnection _db = null!;

    public async ValueTask InitializeAsync()
    {
        _db = await system.Database("schedulingdb").Open();
        await Run($"CREATE DATABASE {_name}");
        await Run($"USE {_name}");
        foreach (var table in new[] { "classes_rows", "enrolments_rows", "session_types_rows" }) await Run($"CREATE TABLE {table} LIKE schedulingdb.{table}");
        const string Numbers = "WITH RECURSIVE d (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM d WHERE i < 199), n (i) AS (SELECT a.i * 200 + b.i FROM d a, d b)";
        const string Starts = "'2027-01-01 10:00' + INTERVAL {0} % 200 HOUR";
        await Run(
            $"""
             INSERT INTO session_types_rows {Numbers}
             SELECT {Hex("i")}, {Hex("1")}, 'Yoga', NULL, 'group', 60, 0, 0, 0, 'CAD', FALSE, 10, '[]', '[]', NULL, NULL, NULL, NULL, TRUE, 1, NOW() FROM n WHERE i < 20
             """);
        await Run(
            $"""
             INSERT INTO classes_rows {Numbers}
             SELECT {Hex("FLOOR(i / 200)")}, {Hex("i")}, NULL, {Hex("1")}, {Hex("7")}, NULL, {string.Format(null, Starts, "i")}, {string.Format(null, Starts, "i")}, 10, 5, 'scheduled',
                    'auto', 60, 60, 60, 0, {Hex("7")}, NOW(), NULL, NULL, NULL, 1, NOW() FROM n WHERE i < 4000
             """);
        await Run(
            $"""
             INSERT INTO enrolments_rows (
                 tenant_id, id, class_id, owner_id, status, starts_at, place, cancel_free_until, cancel_until, payment_status, price_amount, price_currency,
                 enrolled_by, enrolled_at, updated_at) {Numbers}
             SELECT {Hex("FLOOR(i / 2000)")}, {Hex("i")}, {Hex("FLOOR(i / 10)")}, {Hex("i % 10")}, IF(i % 10 < 5, 'enrolled', 'waitlisted'), NOW(), i % 10, NOW(), NOW(), 'none', 0,
                    'CAD', {Hex("7")}, NOW(), NOW() FROM n
             """);
        foreach (var table in new[] { "classes", "enrolments", "session_types" }) // As the migrator makes them, with the studio in place of the function.
            await Run($"CREATE VIEW {table} AS SELECT * FROM {table}_rows WHERE tenant_id = {Hex("5")}");
        await Run("ANALYZE TABLE classes_rows, enrolments_rows, session_types_rows");
    }

    public async ValueTask DisposeAsync()
    {
        await Run($"DROP DATABASE {_name}");
        await _db.DisposeAsync();
    }

    [Theory]
    [InlineData("2027-01-01")]
    [InlineData("2027-01-05")]
    public async Task APageReadsThatPage(string from)
    {
        var sql = Constant("ClassView.cs", "Select") + "\n" + Constant("ListClasses.cs", "Page");

        await Run("FLUSH STATUS");
        var rows = await Run(
            sql, ("Me", Id(9)), ("From", from), ("To", "2027-02-01"), ("After", DBNull.Value), ("Status", "scheduled"), ("Trainer", DBNull.Value),
            ("SessionType", DBNull.Value), ("Rows", 21));

        // Each class with its session type, its line of five counted twice, and what one has in it oneself.
        Assert.Equal(21, rows);
        Assert.InRange(await Reads(), 1, TheQuestionItself + (21 * 20));
    }

    [Fact]
    public async Task OneClassReadsItself()
    {
        await Run("FLUSH STATUS");

        Assert.Equal(1, await Run(Constant("ClassView.cs", "Select") + "\nWHERE c.id = @Id", ("Me", Id(9)), ("Id", Id(1_010))));
        Assert.InRange(await Reads(), 1, TheQuestionItself + 20);
    }

    private static string Constant(string file, string name) => Constants()
        .Matches(File.ReadAllText(Path.Combine(Checkout.Root, "services", "Scheduling", "Features", "Classes", file)))
        .Single(constant => constant.Groups["name"].Value == name).Groups["sql"].Value;

    private static string Hex(string number) => $"UNHEX(LPAD(HEX({number}), 32, '0'))";

    private static byte[] Id(int number) => [.. new byte[12], .. BitConverter.GetBytes(number).Reverse()];

    private async Task<long> Reads()
    {
        await using var command = new MySqlCommand("SHOW SESSION STATUS LIKE 'Handler_read%'", _db);
        await using var reader = await command.ExecuteReaderAsync();
        var reads = 0L;
        while (await reader.ReadAsync()) reads += Convert.ToInt64(reader.GetValue(1));
        return reads;
    }

    private async Task<int> Run(string sql, params (string Name, object Value)[] args)
    {
        await using var command = new MySqlCommand(sql, _db);
        foreach (var (name, value) in args) command.Parameters.AddWithValue(name, value);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0;
        while (await reader.ReadAsync()) rows++;
        return rows;
    }

    [GeneratedRegex(""""const string (?<name>\w+) =\s+(ClassView\.Select \+ )?"""(?<sql>.+?)"""\s*;"""", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Constants();
}
