using System.Data.Common;
using System.Net.Sockets;
using FitFlow.ServiceDefaults;
using MySql.Data.MySqlClient;

namespace FitFlow.Data;

/// <summary>
/// The one file that knows which driver this is: Connector/NET. Everything else sees ADO.NET's own types, so that another
/// driver can take its place here.
/// </summary>
internal sealed class Driver(string connectionString) : DbDataSource
{
    private const int DuplicateKey = 1062, CheckOptionFailed = 1369, Deadlock = 1213, LockWaitTimeout = 1205, Interrupted = 1317;

    /// <summary>What the server or the client library says when the server is away, full or going down.</summary>
    private static readonly HashSet<int> Down =
    [
        1021, 1040, 1041, 1042, 1043, 1053, 1077, 1079, 1080, 1105, 1114, 1129, 1152, 1158, 1159, 1160, 1161, 1184, 1203, 1226, 1290, 1836,
        1927, 2002, 2003, 2005, 2006, 2013, 2055, 3100, 3168, 3169, 4031,
    ];

    /// <summary>
    /// One connection is opened at a time in the whole process: the driver notes in dictionaries of its own, without a lock, with which TLS a
    /// server was reached, and two openings at once can spoil them for good.
    /// </summary>
    private static readonly SemaphoreSlim Opening = new(1, 1);

    public override string ConnectionString { get; } = Complete(connectionString);

    public static string Database(string connectionString) => new MySqlConnectionStringBuilder(connectionString).Database;

    public static (string User, string Password) Credentials(string connectionString)
    {
        var builder = new MySqlConnectionStringBuilder(connectionString);
        return (builder.UserID, builder.Password);
    }

    public static string WithoutDatabase(string connectionString) =>
        new MySqlConnectionStringBuilder(connectionString) { Database = "" }.ConnectionString;

    /// <summary>The exception that the rest of the house understands, or null when the statement itself was wrong.</summary>
    public static Exception? Translate(Exception exception, CancellationToken ct) => exception switch
    {
        OperationCanceledException when ct.IsCancellationRequested => null,
        _ when ct.IsCancellationRequested && Number(exception) is Interrupted or 0 => new OperationCanceledException(exception.Message, exception, ct),
        MySqlException { Number: DuplicateKey } e => new UniqueViolation(KeyOf(e.Message), e),
        MySqlException { Number: CheckOptionFailed } e => new TenantViolation(e),
        MySqlException { Number: Deadlock or LockWaitTimeout } e => new LockConflict(e),
        MySqlException e when Down.Contains(e.Number) || IsOfTheWire(e) => new DependencyDownException("mysql", e),
        MySqlException => null,
        // A socket that breaks while a result is read surfaces as what the stream threw, or as a reader that lost its connection.
        IOException or SocketException or TimeoutException or EndOfStreamException => new DependencyDownException("mysql", exception),
        _ => null,
    };

    public static int Number(Exception exception) => exception is MySqlException e ? e.Number : 0;

    /// <summary>Makes the server stop what it does for this connection. Goes through a connection of its own, since the other one is busy.</summary>
    public async Task Interrupt(DbConnection busy)
    {
        await using var connection = await OpenDbConnectionAsync();
        await using var kill = connection.CreateCommand();
        kill.CommandText = $"KILL QUERY {((MySqlConnection)busy).ServerThread}";
        await kill.ExecuteNonQueryAsync();
    }

    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        await Opening.WaitAsync(cancellationToken);
        try
        {
            return await base.OpenDbConnectionAsync(cancellationToken);
        }
        finally
        {
            Opening.Release();
        }
    }

    protected override DbConnection CreateDbConnection() => new MySqlConnection(ConnectionString);

    private static bool IsOfTheWire(Exception exception) =>
        exception.InnerException switch
        {
            null => exception is MySqlException { Number: 0 },
            IOException or SocketException or TimeoutException => true,
            var inner => IsOfTheWire(inner),
        };

    /// <summary>"Duplicate entry 'x' for key 'bookings_rows.one_per_hour'": the key is what a caller can act on.</summary>
    private static string KeyOf(string message)
    {
        var end = message.LastIndexOf('\'');
        var start = end > 0 ? message.LastIndexOf('\'', end - 1) + 1 : 0;
        var key = end > start ? message[start..end] : "";
        return key[(key.LastIndexOf('.') + 1)..];
    }

    private static string Complete(string connectionString) =>
        new MySqlConnectionStringBuilder(connectionString)
        {
            // The session variables of tenancy travel in front of the statement they are for.
            AllowUserVariables = true,
            AllowBatch = true,
            AllowLoadLocalInfile = false,
            CharacterSet = "utf8mb4",
            ConnectionTimeout = 5,
            // Neither the driver's own timeout nor a token interrupts its asynchronous reads (the one hangs, the other is not looked at):
            // see Guard, which is what ends a statement that takes too long.
            DefaultCommandTimeout = 0,
            // Pool keeps the connections.
            Pooling = false,
            // TLS when the server offers it. Passwords of caching_sha2_password travel inside TLS, so no public key is ever asked for.
            SslMode = MySqlSslMode.Preferred,
            UseAffectedRows = false,
        }.ConnectionString;
}
