using MySql.Data.MySqlClient;

namespace FitFlow.Identity.Tests;

/// What no route shows, and time that no test waits for: Identity's tables, as the server's administrator sees them.
internal static class IdentityDb
{
    // The driver keeps dictionaries without a lock: as Data does, one opening at a time.
    private static readonly SemaphoreSlim Opening = new(1, 1);

    public static async Task<MySqlConnection> Open(string? server = null, string database = "identitydb")
    {
        var connection = new MySqlConnection($"{server ?? Servers.MySql};Database={database}");
        await Opening.WaitAsync();
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        finally
        {
            Opening.Release();
        }
    }

    public static async Task<IReadOnlyList<T>> Read<T>(string sql, params (string Name, object Value)[] args)
    {
        await using var connection = await Open();
        await using var command = Command(connection, sql, args);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add((T)(reader.GetValue(0) is DBNull ? null! : Convert.ChangeType(reader.GetValue(0), Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T))));
        return rows;
    }

    public static async Task<long> Count(string sql, params (string Name, object Value)[] args) => (await Read<long>(sql, args))[0];

    public static async Task Write(string sql, params (string Name, object Value)[] args)
    {
        await using var connection = await Open();
        await using var command = Command(connection, sql, args);
        await command.ExecuteNonQueryAsync();
    }

    private static MySqlCommand Command(MySqlConnection connection, string sql, (string Name, object Value)[] args)
    {
        var command = new MySqlCommand(sql, connection);
        foreach (var (name, value) in args) command.Parameters.AddWithValue(name, value is Guid id ? id.ToByteArray(bigEndian: true) : value);
        return command;
    }
}
