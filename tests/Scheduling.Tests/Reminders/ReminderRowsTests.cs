using FitFlow.Scheduling.Features.Reminders;
using MySql.Data.MySqlClient;

namespace FitFlow.Scheduling.Tests.Reminders;

/// Two who take rows that are due get different ones, on both engines; and what one forgets are its own.
public sealed class ReminderRowsTests : IAsyncLifetime
{
    private readonly string _name = $"reminders_{Convert.ToHexStringLower(Random.Shared.GetItems<byte>([.. Enumerable.Range(0, 256).Select(i => (byte)i)], 6))}";

    public ValueTask InitializeAsync() => OnBoth($"CREATE DATABASE {_name}; USE {_name}; {File.ReadAllText(Path.Combine(Checkout.Root, "services", "Scheduling", "Migrations", "0006_reminders.sql"))}");

    public ValueTask DisposeAsync() => OnBoth($"DROP DATABASE {_name}");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NobodyTakesWhatAnotherHolds(bool mariaDb)
    {
        await using var one = await Open(mariaDb);
        await using var other = await Open(mariaDb);
        foreach (var connection in new[] { one, other }) await Run(connection, $"USE {_name}; SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
        await Run(one, "INSERT INTO reminders VALUES ('2027-01-01', UNHEX(REPEAT('11', 16)), UNHEX(REPEAT('22', 16)), 24, UNHEX(REPEAT('33', 16)), 'booking'), ('2027-01-02', UNHEX(REPEAT('11', 16)), UNHEX(REPEAT('22', 16)), 1, UNHEX(REPEAT('33', 16)), 'booking'), ('2027-01-03', UNHEX(REPEAT('11', 16)), UNHEX(REPEAT('44', 16)), 24, UNHEX(REPEAT('33', 16)), 'class')");
        foreach (var connection in new[] { one, other }) await Run(connection, "START TRANSACTION");

        Assert.Equal([24], await Hours(one, batch: 1));
        Assert.Equal([1, 24], await Hours(other, batch: 5));
        await using (var third = await Begun(mariaDb)) Assert.Empty(await Hours(third, batch: 5));
        await Run(one, SendReminders.These, ("Rows", $$"""[{"subject":"{{new string('1', 32)}}","person":"{{new string('2', 32)}}","hours":24}]"""));
        await Run(one, "COMMIT");
        await Run(other, "ROLLBACK");

        Assert.Equal([1, 24], await Hours(other, batch: 5));
        await Run(other, SendReminders.These, ("Rows", $$"""[{"subject":"{{new string('1', 32)}}","person":"{{new string('4', 32)}}","hours":24},{"subject":"{{new string('1', 32)}}","person":"{{new string('4', 32)}}","hours":1}]"""));
        Assert.Equal([1], await Hours(other, batch: 5));
    }

    private async Task<MySqlConnection> Begun(bool mariaDb)
    {
        var connection = await Open(mariaDb);
        await Run(connection, $"USE {_name}; SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION");
        return connection;
    }

    private static async Task<IReadOnlyList<int>> Hours(MySqlConnection connection, int batch)
    {
        await using var command = new MySqlCommand(SendReminders.Due, connection);
        command.Parameters.AddWithValue("Now", new DateTime(2027, 2, 1, 0, 0, 0, DateTimeKind.Utc));
        command.Parameters.AddWithValue("Batch", batch);
        await using var reader = await command.ExecuteReaderAsync();
        var hours = new List<int>();
        while (await reader.ReadAsync()) hours.Add(reader.GetInt32(3));
        return hours;
    }

    private static async ValueTask OnBoth(string sql)
    {
        foreach (var mariaDb in new[] { false, true })
        {
            await using var connection = await Open(mariaDb);
            await Run(connection, sql);
        }
    }

    private static async Task<MySqlConnection> Open(bool mariaDb)
    {
        var connection = new MySqlConnection(mariaDb ? Servers.MariaDb : Servers.MySql);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task Run(MySqlConnection connection, string sql, params (string Name, object Value)[] args)
    {
        await using var command = new MySqlCommand(sql, connection);
        foreach (var (name, value) in args) command.Parameters.AddWithValue(name, value);
        await command.ExecuteNonQueryAsync();
    }
}
