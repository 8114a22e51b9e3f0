using MySql.Data.MySqlClient;

namespace FitFlow.Testing;

/// <summary>What no route shows, and time that no test waits for: one service's tables, as the server's administrator sees them.</summary>
public sealed class TestDb(string server, string database)
{
    // The driver keeps dictionaries without a lock: as Data does, one opening at a time.
    private static readonly SemaphoreSlim Opening = new(1, 1);

    public async Task<MySqlConnection> Open()
    {
        var connection = new MySqlConnection($"{server};Database={database}");
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

    /// <summary>The first column of each row.</summary>
    public Task<IReadOnlyList<T>> Read<T>(string sql, params (string Name, object Value)[] args) =>
        Read(sql, row => (T)(row[0] is null ? null! : Convert.ChangeType(row[0]!, Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T))), args);

    public async Task<IReadOnlyList<T>> Read<T>(string sql, Func<object?[], T> shape, params (string Name, object Value)[] args)
    {
        await using var connection = await Open();
        await using var command = Command(connection, sql, args);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            var values = new object[reader.FieldCount];
            reader.GetValues(values);
            rows.Add(shape(Array.ConvertAll(values, value => value is DBNull ? null : value)));
        }

        return rows;
    }

    public async Task<long> Count(string sql, params (string Name, object Value)[] args) => (await Read<long>(sql, args))[0];

    public async Task Write(string sql, params (string Name, object Value)[] args)
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
