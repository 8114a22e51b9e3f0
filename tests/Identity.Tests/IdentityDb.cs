using MySql.Data.MySqlClient;

namespace FitFlow.Identity.Tests;

/// What no route shows, and time that no test waits for: Identity's tables, as the server's administrator sees them.
internal static class IdentityDb
{
    public static async Task<IReadOnlyList<T>> Read<T>(string sql, params (string Name, object Value)[] args)
    {
        await using var connection = new MySqlConnection($"{Servers.MySql};Database=identitydb");
        await connection.OpenAsync();
        await using var command = Command(connection, sql, args);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add((T)(reader.GetValue(0) is DBNull ? null! : Convert.ChangeType(reader.GetValue(0), Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T))));
        return rows;
    }

    public static async Task<long> Count(string sql, params (string Name, object Value)[] args) => (await Read<long>(sql, args))[0];

    public static async Task Write(string sql, params (string Name, object Value)[] args)
    {
        await using var connection = new MySqlConnection($"{Servers.MySql};Database=identitydb");
        await connection.OpenAsync();
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
