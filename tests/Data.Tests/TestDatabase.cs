using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MySql.Data.MySqlClient;

namespace FitFlow.Data.Tests;

public enum Engine
{
    MySql,
    MariaDb,
}

/// <summary>A migrated database of its own, with its three users, gone afterwards.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly List<IHost> _hosts = [];

    private TestDatabase(string server, string name)
    {
        Server = server;
        Name = name;
        Settings = new Dictionary<string, string?>
        {
            [$"ConnectionStrings:{name}-admin"] = server,
            [$"ConnectionStrings:{name}"] = Of("service"),
            [$"ConnectionStrings:{name}-across"] = Of("across"),
            [$"ConnectionStrings:{name}-migrator"] = Of("migrator"),
        };
    }

    public string Server { get; }

    public string Name { get; }

    public Dictionary<string, string?> Settings { get; }

    public Db Db { get; private set; } = null!;

    public static string ServerOf(Engine engine) => engine == Engine.MySql ? Servers.MySql : Servers.MariaDb;

    public static TestDatabase Named(string server) => new(server, $"t{Convert.ToHexStringLower(Random.Shared.GetItems<byte>([.. Enumerable.Range(0, 256).Select(i => (byte)i)], 8))}");

    public static async Task<TestDatabase> Create(Engine engine, params string[] sql)
    {
        var database = Named(ServerOf(engine));
        await database.Migrate(Migrations(sql));
        database.Db = database.NewDb(Migrations(sql));
        return database;
    }

    /// <summary>Migrations 0001_m, 0002_m, … after Data's own.</summary>
    public static IReadOnlyList<Migration> Migrations(params string[] sql) =>
        [.. Migration.Own(), .. sql.Select((text, i) => new Migration($"{i + 1:0000}_m", text))];

    public string Of(string user) => As($"{Name}_{user}", $"s3'c\\{user}", Name);

    public string As(string user, string password, string database = "") =>
        new MySqlConnectionStringBuilder(Server) { UserID = user, Password = password, Database = database }.ConnectionString;

    public Task<string> Migrate(IReadOnlyList<Migration> migrations) =>
        Host(migrations).Services.GetRequiredService<Migrator>().Run(TestContext.Current.CancellationToken);

    public Db NewDb(IReadOnlyList<Migration> migrations) => Host(migrations).Services.GetRequiredService<Db>();

    public IHost Host(IReadOnlyList<Migration> migrations)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(Settings);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddData(Name, migrations);
        var host = builder.Build();
        _hosts.Add(host);
        return host;
    }

    /// <summary>As root: what the service may not do or see.</summary>
    public async Task<IReadOnlyList<T>> AsAdmin<T>(string sql)
    {
        await using var admin = await AdminConnection.Open($"{Server};Database={Name}", TestContext.Current.CancellationToken);
        return await admin.Query<T>(sql, TestContext.Current.CancellationToken);
    }

    public async Task AsAdmin(string sql)
    {
        await using var admin = await AdminConnection.Open(Server, TestContext.Current.CancellationToken);
        await admin.Execute(sql, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            if (host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        }

        await AsAdmin($"DROP DATABASE IF EXISTS {Name}");
        foreach (var user in new[] { "service", "across", "migrator" }) await AsAdmin($"DROP USER IF EXISTS '{Name}_{user}'@'%'");
    }
}

/// <summary>One database per engine, shared by the tests of a class.</summary>
public abstract class Databases(string sql) : IAsyncLifetime
{
    private readonly Dictionary<Engine, TestDatabase> _databases = [];

    internal TestDatabase this[Engine engine] => _databases[engine];

    public async ValueTask InitializeAsync()
    {
        foreach (var engine in Enum.GetValues<Engine>()) _databases[engine] = await TestDatabase.Create(engine, sql);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases.Values) await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Runs the test on every engine that FitFlow supports.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnEveryEngineAttribute : Xunit.v3.DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(System.Reflection.MethodInfo testMethod, Xunit.Sdk.DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<Engine>().Select(engine => new TheoryDataRow<Engine>(engine))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
