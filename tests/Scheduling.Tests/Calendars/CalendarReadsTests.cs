using System.Diagnostics;
using System.Reflection;
using FitFlow.Scheduling.Features.Calendars;
using MySql.Data.MySqlClient;

namespace FitFlow.Scheduling.Tests.Calendars;

/// Who looks at a day reads that day, and not the year: counted by the server while it runs the statement of the source, in a studio with ten trainers
/// who give 20,000 sessions in a year.
public sealed class CalendarReadsTests(CalendarReadsTests.Year year) : IClassFixture<CalendarReadsTests.Year>
{
    private static readonly DateTime Day = new(2027, 6, 10, 4, 0, 0, DateTimeKind.Utc);

    public sealed class Year(RunningSystem system) : IAsyncLifetime
    {
        public Studio Studio { get; private set; } = null!;

        public Person Trainer { get; private set; } = null!;

        public Person Client { get; private set; } = null!;

        public MySqlConnection Db { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Studio = await system.GivenStudio();
            (Trainer, Client) = (await Studio.GivenTrainerAtWork(), await Studio.GivenClient());
            var one = (await Studio.GivenBooking(await Studio.GivenSessionType(), Trainer, Client, SchedulingStory.At(days: 3, hour: 10))).Id();
            Db = new MySqlConnection($"{Servers.MySql};Database=schedulingdb;Allow User Variables=true");
            await Db.OpenAsync();
            await Run(
                Db,
                """
                SET SESSION cte_max_recursion_depth = 100000;
                INSERT INTO bookings_rows (
                    tenant_id, id, owner_id, trainer_id, session_type_id, kind, starts_at, ends_at, status, payment_status, price_amount, price_currency,
                    cancel_free_until, cancel_until, booked_by, booked_at, version, updated_at)
                WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 19999)
                SELECT tenant_id, UNHEX(REPLACE(UUID(), '-', '')), IF(i % 100 = 0, owner_id, UNHEX(LPAD(HEX(65536 + i % 100), 32, '0'))), IF(i % 10 = 0, trainer_id, UNHEX(LPAD(HEX(4096 + i % 10), 32, '0'))), session_type_id, kind,
                       '2027-01-01 09:00' + INTERVAL i DIV 50 DAY + INTERVAL i % 5 * 2 HOUR, '2027-01-01 10:00' + INTERVAL i DIV 50 DAY + INTERVAL i % 5 * 2 HOUR, status,
                       payment_status, price_amount, price_currency, cancel_free_until, cancel_until, booked_by, booked_at, version, updated_at
                FROM bookings_rows
                JOIN n
                WHERE id = @One;
                ANALYZE TABLE bookings_rows
                """, ("One", one));
            await Run(Db, "SET @fitflow_tenant = @Studio", ("Studio", Studio.Id));
        }

        public async ValueTask DisposeAsync()
        {
            await Run(Db, "DELETE FROM bookings_rows WHERE tenant_id = @Studio", ("Studio", Studio.Id));
            await Db.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("OfStudio", 50, 500)]
    [InlineData("OfTrainer", 5, 100)]
    [InlineData("OfClient", 0, 100)]
    public async Task ADayReadsThatDay(string statement, int rows, int most)
    {
        var sql = (string)typeof(CalendarRows).GetField(statement, BindingFlags.NonPublic | BindingFlags.Static)!.GetRawConstantValue()!;

        await Run(year.Db, "FLUSH STATUS");
        Assert.InRange(await Run(year.Db, sql, Args(statement == "OfTrainer" ? year.Trainer : null)), rows, rows + 5);

        Assert.InRange(await Reads(), 1, most);
    }

    [Fact]
    public async Task AMonthOfAPersonReadsThatMonthOfTheirs()
    {
        var sql = (string)typeof(PersonalRow).GetField("OfPerson", BindingFlags.NonPublic | BindingFlags.Static)!.GetRawConstantValue()!;

        await Run(year.Db, "FLUSH STATUS");
        Assert.InRange(await Run(year.Db, sql, [("Person", year.Client.Id), ("Until", Day.AddDays(30)), .. Args(null)]), 10, 20);

        Assert.InRange(await Reads(), 1, 400);
    }

    [Fact]
    public async Task HowLongItTakesIsPrinted()
    {
        foreach (var (name, query) in new[] { ("day of a trainer", $"view=day&date=2027-06-10&trainer_id={year.Trainer.Id}"), ("day of the studio", "view=day&date=2027-06-10"), ("month of the studio", "view=month&date=2027-06-10") })
        {
            var took = new List<double>();
            for (var i = 0; i < 60; i++)
            {
                var asked = Stopwatch.GetTimestamp();
                await year.Studio.Get(year.Studio.Owner, $"/api/v1/calendar?{query}").Ok();
                took.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }

            var inOrder = took.Skip(10).Order().ToList();
            TestContext.Current.TestOutputHelper!.WriteLine($"{name}, through the gateway: p50 {inOrder[25]:F1} ms, p95 {inOrder[47]:F1} ms");
        }
    }

    private (string Name, object Value)[] Args(Person? trainer) =>
    [
        ("Trainer", trainer is null ? DBNull.Value : trainer.Id), ("Client", year.Client.Id), ("Room", DBNull.Value), ("Cancelled", false), ("Rows", 5_001), ("Now", Day),
        ("Before", Day.AddDays(-1)), ("From", Day), ("Until", Day.AddDays(1)),
    ];

    private async Task<long> Reads()
    {
        await using var command = new MySqlCommand("SHOW SESSION STATUS LIKE 'Handler_read%'", year.Db);
        await using var reader = await command.ExecuteReaderAsync();
        var reads = 0L;
        while (await reader.ReadAsync()) reads += Convert.ToInt64(reader.GetValue(1));
        return reads;
    }

    private static async Task<int> Run(MySqlConnection db, string sql, params (string Name, object Value)[] args)
    {
        await using var command = new MySqlCommand(sql, db);
        foreach (var (name, value) in args.DistinctBy(arg => arg.Name, StringComparer.Ordinal))
        {
            if (sql.Contains($"@{name}", StringComparison.Ordinal)) command.Parameters.AddWithValue(name, value is Guid id ? id.ToByteArray(bigEndian: true) : value);
        }

        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0;
        while (await reader.ReadAsync()) rows++;
        return rows;
    }
}
