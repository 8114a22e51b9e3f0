using MySql.Data.MySqlClient;

namespace FitFlow.Identity.Tests;

/// Identity's tables in the system that all tests share.
internal static class IdentityDb
{
    private static TestDb Shared => Of(Servers.MySql);

    public static Task<MySqlConnection> Open(string? server = null) => Of(server ?? Servers.MySql).Open();

    public static Task<IReadOnlyList<T>> Read<T>(string sql, params (string Name, object Value)[] args) => Shared.Read<T>(sql, args);

    public static Task<long> Count(string sql, params (string Name, object Value)[] args) => Shared.Count(sql, args);

    public static Task Write(string sql, params (string Name, object Value)[] args) => Shared.Write(sql, args);

    private static TestDb Of(string server) => new(server, "identitydb");
}
