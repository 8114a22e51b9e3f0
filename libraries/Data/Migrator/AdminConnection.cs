using System.Data.Common;

namespace FitFlow.Data;

/// <summary>A connection for DDL: no session of anybody, no limit of time, whatever the statement.</summary>
internal sealed class AdminConnection(Driver driver, DbConnection connection) : IAsyncDisposable
{
    public static async Task<AdminConnection> Open(string connectionString, CancellationToken ct)
    {
        var driver = new Driver(connectionString);
        try
        {
            return new AdminConnection(driver, await driver.OpenConnectionAsync(ct));
        }
        catch (Exception e)
        {
            await driver.DisposeAsync();
            var translated = Driver.Translate(e, ct);
            if (translated is null) throw;
            throw translated;
        }
    }

    /// <summary>A name or a literal cannot be a parameter everywhere in DDL.</summary>
    public static string Literal(string value) => "'" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal) + "'";

    public static string Quoted(string name) => "`" + name.Replace("`", "``", StringComparison.Ordinal) + "`";

    public async Task Execute(string sql, CancellationToken ct)
    {
        await using var command = Command(sql);
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<IReadOnlyList<T>> Query<T>(string sql, CancellationToken ct)
    {
        await using var command = Command(sql);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        var shape = Rows<T>.Shape(reader);
        while (await reader.ReadAsync(ct)) rows.Add(shape(reader));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await driver.DisposeAsync();
    }

    private DbCommand Command(string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        return command;
    }
}
