using MySql.Data.MySqlClient;

namespace FitFlow.Bench.Scheduling;

/// <summary>One studio's tables as its requests see them, for an administrator.</summary>
internal static class StudioTables
{
    public static async Task<MySqlConnection> Open(string server, Guid studio, CancellationToken ct)
    {
        var connection = new MySqlConnection($"{server};Database=schedulingdb;AllowUserVariables=true");
        await connection.OpenAsync(ct);
        await using var command = new MySqlCommand("SET @fitflow_tenant = @Studio", connection);
        command.Parameters.AddWithValue("Studio", studio.ToByteArray(bigEndian: true));
        await command.ExecuteNonQueryAsync(ct);
        return connection;
    }

    public static async Task Write(string server, Guid studio, string sql, CancellationToken ct, params (string Name, object Value)[] args)
    {
        await using var connection = await Open(server, studio, ct);
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = 120 };
        command.Parameters.AddWithValue("Studio", studio.ToByteArray(bigEndian: true));
        foreach (var (name, value) in args) command.Parameters.AddWithValue(name, value is Guid id ? id.ToByteArray(bigEndian: true) : value);
        await command.ExecuteNonQueryAsync(ct);
    }
}
