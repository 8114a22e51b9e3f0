using System.Text.RegularExpressions;
using MySql.Data.MySqlClient;

namespace FitFlow.Scheduling.Tests.Availability;

/// Who asks for somebody's free times reads what is written of them, and not of everybody: counted by the server while it runs the statement of the
/// source, on two hundred trainers of twenty studios with fifty exceptions each, who are taken fifty times.
public sealed partial class DiariesIndexTests(RunningSystem system) : IAsyncLifetime
{
    private readonly string _name = $"diaries_{Convert.ToHexStringLower(Random.Shared.GetItems<byte>([.. Enumerable.Range(0, 256).Select(i => (byte)i)], 6))}";
    private MySqlConnection _db = null!;

    public async ValueTask InitializeAsync()
    {
        _db = await system.Database("schedulingdb").Open();
        await Run($"CREATE DATABASE {_name}");
        await Run($"USE {_name}");
        foreach (var table in new[] { "availability_rules_rows", "availability_exceptions_rows", "busy" }) await Run($"CREATE TABLE {table} LIKE schedulingdb.{table}");
        const string Numbers = "WITH RECURSIVE d (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM d WHERE i < 99), n (i) AS (SELECT a.i * 100 + b.i FROM d a, d b)";
        const string Trainer = "UNHEX(LPAD(HEX(1000 + FLOOR(i / 50)), 32, '0'))", Studio = "UNHEX(LPAD(HEX(FLOOR(i / 500)), 32, '0'))", Id = "UNHEX(LPAD(HEX(i), 32, '0'))";
        await Run($"INSERT INTO availability_rules_rows {Numbers} SELECT {Studio}, {Trainer}, {Id}, 1 + i % 7, '09:00', '17:00', NULL, NULL FROM n WHERE i % 50 < 7");
        await Run(
            $"""
             INSERT INTO availability_exceptions_rows {Numbers}
             SELECT {Studio}, {Trainer}, {Id}, 'time_off', '2027-01-01' + INTERVAL i % 50 * 7 DAY, '2027-01-02' + INTERVAL i % 50 * 7 DAY, NOW() FROM n
             """);
        await Run($"INSERT INTO busy {Numbers} SELECT {Trainer}, '2027-01-01 10:00' + INTERVAL i % 50 * 7 DAY, '2027-01-01 11:00' + INTERVAL i % 50 * 7 DAY, {Id}, NULL FROM n");
        foreach (var table in new[] { "availability_rules", "availability_exceptions" }) // As the migrator makes them, with the studio in place of the function.
            await Run($"CREATE VIEW {table} AS SELECT * FROM {table}_rows WHERE tenant_id = UNHEX(LPAD('5', 32, '0'))");
        await Run("ANALYZE TABLE availability_rules_rows, availability_exceptions_rows, busy");
    }

    public async ValueTask DisposeAsync()
    {
        await Run($"DROP DATABASE {_name}");
        await _db.DisposeAsync();
    }

    [Theory]
    [InlineData("Pages", 1, 120)]
    [InlineData("Pages", 10, 800)]
    [InlineData("HoursOnly", 1, 120)]
    public async Task AWeekReadsWhatIsWrittenOfThoseWhoAreAsked(string statement, int trainers, int most)
    {
        var ids = string.Join(", ", Enumerable.Range(0, trainers).Select(i => $"UNHEX(LPAD(HEX({1050 + i}), 32, '0'))"));
        var source = File.ReadAllText(Path.Combine(Checkout.Root, "services", "Scheduling", "Features", "Availability", "Diaries.cs"));
        var sql = Constants().Matches(source).Single(constant => constant.Groups["name"].Value == statement).Groups["sql"].Value
            .Replace("IN @Trainers", $"IN ({ids})", StringComparison.Ordinal)
            .Replace("IN @Resources", $"IN ({ids})", StringComparison.Ordinal)
            .Replace("= @Trainer ", $"= {ids} ", StringComparison.Ordinal)
            .Replace("= @Trainer\n", $"= {ids}\n", StringComparison.Ordinal);

        await Run("FLUSH STATUS");
        var rows = await Run(
            sql, ("LocalFrom", "2027-03-07"), ("LocalUntil", "2027-03-16"), ("Before", "2027-03-06 22:00"), ("From", "2027-03-07 22:00"), ("Until", "2027-03-16 08:00"), ("Now", "2027-03-01"));

        Assert.InRange(rows, trainers * 8, trainers * 11); // Seven rules, and what falls into some nine days once a week.
        Assert.InRange(await Reads(), 1, most);
    }

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

    [GeneratedRegex(""""const string (?<name>\w+) =\s+"""(?<sql>.+?)"""\s*;"""", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Constants();
}
