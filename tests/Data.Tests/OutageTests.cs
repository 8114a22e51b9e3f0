using System.Data.Common;
using FitFlow.ServiceDefaults;

namespace FitFlow.Data.Tests;

/// <summary>The server goes away in every way there is. What was lost is told, nothing is done twice, and all goes on by itself.</summary>
public sealed class OutageTests(OutageTests.Schema databases) : IClassFixture<OutageTests.Schema>
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    public sealed class Schema() : Databases("CREATE TABLE notes (id BINARY(16) NOT NULL PRIMARY KEY);");

    [Theory, OnEveryEngine]
    public async Task AServerThatGoesAndComesBackIsSeenAsDownAndThenAsBack(Engine engine)
    {
        await using var proxy = Proxy(engine);
        await using var pool = Through(proxy, engine, 4);
        var scope = new DbScope(pool, Acting.Nobody, TimeProvider.System);
        for (var round = 0; round < 3; round++)
        {
            // All of the pool's connections have been used, and are stale after the cut.
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => scope.Query<int>("SELECT SLEEP(0.05)", None)));
            proxy.Cut();
            var down = await Assert.ThrowsAsync<DependencyDownException>(() => scope.QueryOne<int>("SELECT 1", None));
            Assert.Equal("mysql", down.Dependency);
            Assert.NotNull(down.InnerException);

            proxy.Restore();
            Assert.All(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => scope.QueryOne<int>("SELECT 1", None))), one => Assert.Equal(1, one));
        }

        Assert.Equal(0, pool.InUse);
    }

    [Theory, OnEveryEngine]
    public async Task AConnectionThatBreaksUnderAStatementIsDown(Engine engine)
    {
        await using var proxy = Proxy(engine);
        await using var pool = Through(proxy, engine, 2);
        var scope = new DbScope(pool, Acting.Nobody, TimeProvider.System);
        var running = scope.Query<int>("SELECT SLEEP(20)", None);
        var database = databases[engine];
        await Eventually.Holds(async () =>
            (await database.AsAdmin<long>($"SELECT COUNT(*) FROM information_schema.processlist WHERE user = '{database.Name}_service' AND info LIKE '%SLEEP(20)%'"))[0] == 1);
        proxy.Cut();

        await Assert.ThrowsAsync<DependencyDownException>(() => running);
        proxy.Restore();
        Assert.Equal(1, await scope.QueryOne<int>("SELECT 1", None));
    }

    [Theory, OnEveryEngine]
    public async Task AConnectionThatIsKilledByTheServerIsDown(Engine engine)
    {
        var database = databases[engine];
        await using var pool = new Pool(database.Of("service"), 1);
        var scope = new DbScope(pool, Acting.Nobody, TimeProvider.System);

        await Assert.ThrowsAsync<DependencyDownException>(() => scope.InTransaction(async tx =>
        {
            await tx.Execute("INSERT INTO notes (id) VALUES (@Id)", new { Id = NewId() });
            await database.AsAdmin($"KILL {await tx.QueryOne<long>("SELECT CONNECTION_ID()")}");
            await tx.Query<int>("SELECT 1");
        }, None));
        Assert.Equal(1, await scope.QueryOne<int>("SELECT 1", None));
    }

    [Theory, OnEveryEngine]
    public async Task WorkThatCatchesTheLossOfItsConnectionGetsNoOther(Engine engine)
    {
        var database = databases[engine];
        await using var pool = new Pool(database.Of("service"), 1);
        var scope = new DbScope(pool, Acting.Nobody, TimeProvider.System);
        var id = NewId();

        await Assert.ThrowsAsync<DependencyDownException>(() => scope.InTransaction(async tx =>
        {
            await database.AsAdmin($"KILL {await tx.QueryOne<long>("SELECT CONNECTION_ID()")}");
            await Assert.ThrowsAsync<DependencyDownException>(() => tx.Query<int>("SELECT 1"));
            await Assert.ThrowsAsync<DependencyDownException>(() => tx.Execute("INSERT INTO notes (id) VALUES (@Id)", new { Id = id }));
        }, None));
        Assert.Equal(0, await scope.QueryOne<int>("SELECT COUNT(*) FROM notes WHERE id = @Id", new { Id = id }, None));
    }

    [Theory, OnEveryEngine]
    public async Task AConnectionThatTheDriverClosedIsNotOpenedAgainInSilence(Engine engine)
    {
        var database = databases[engine];
        await using var pool = new Pool(database.Of("service"), 1);
        await using var session = await pool.Open(None);
        var id = await session.Query<long>(Acting.Nobody, inTransaction: false, "SELECT CONNECTION_ID()", args: null, None);
        await database.AsAdmin($"KILL {id[0]}");

        // The first one learns it from the server, the second one would get a connection that nobody prepared.
        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<DependencyDownException>(() =>
                session.Query<long>(Acting.Nobody, inTransaction: false, "SELECT CONNECTION_ID()", args: null, None));
        }
    }

    [Theory, OnEveryEngine]
    public async Task ACommitWithoutAnAnswerIsDownAndNeverDoneAgain(Engine engine)
    {
        await using var proxy = Proxy(engine);
        await using var pool = Through(proxy, engine, 2);
        var scope = new DbScope(pool, Acting.Nobody, TimeProvider.System);
        var runs = 0;

        await Assert.ThrowsAsync<DependencyDownException>(() => scope.InTransaction(async tx =>
        {
            runs++;
            await tx.Execute("INSERT INTO notes (id) VALUES (@Id)", new { Id = NewId() });
            proxy.Cut();
        }, None));
        Assert.Equal(1, runs);
    }

    [Theory, OnEveryEngine]
    public async Task AServerThatHangsHoldsNobodyWhoNoLongerWaits(Engine engine)
    {
        await using var proxy = Proxy(engine);
        await using var pool = Through(proxy, engine, 2);
        var scope = new DbScope(pool, Acting.Nobody, TimeProvider.System);
        Assert.Equal(1, await scope.QueryOne<int>("SELECT 1", None));
        proxy.Silence();
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<Exception>(() => scope.InTransaction(tx => tx.Query<int>("SELECT 1"), impatient.Token));
        await Assert.ThrowsAsync<DependencyDownException>(() => scope.QueryOne<int>("SELECT 1", None));
        Assert.Equal(0, pool.InUse);

        proxy.Restore();
        Assert.Equal(1, await scope.QueryOne<int>("SELECT 1", None));
    }

    [Theory, OnEveryEngine]
    public async Task TooManyConnectionsIsDownAndAWrongPasswordIsNot(Engine engine)
    {
        var database = databases[engine];
        var user = $"{database.Name}_few";
        await database.AsAdmin($"CREATE USER '{user}'@'%' IDENTIFIED BY 'x' WITH MAX_USER_CONNECTIONS 1");
        try
        {
            var connection = database.As(user, "x");
            await using var pool = new Pool(connection, 2);
            await using var first = await pool.Open(None);
            await Assert.ThrowsAsync<DependencyDownException>(() => pool.Open(None));
            Assert.Equal(1, pool.InUse);

            await using var wrong = new Pool(database.As(user, "y"), 1);
            var denied = await Assert.ThrowsAnyAsync<DbException>(() => wrong.Open(None));
            Assert.Contains("denied", denied.Message, StringComparison.Ordinal);
        }
        finally
        {
            await database.AsAdmin($"DROP USER '{user}'@'%'");
        }
    }

    private static CuttableProxy Proxy(Engine engine)
    {
        var server = new DbConnectionStringBuilder { ConnectionString = TestDatabase.ServerOf(engine) };
        return CuttableProxy.To((string)server["Server"], int.Parse((string)server["Port"]));
    }

    private Pool Through(CuttableProxy proxy, Engine engine, int size)
    {
        var through = new DbConnectionStringBuilder { ConnectionString = databases[engine].Of("service") };
        through["Server"] = "127.0.0.1";
        through["Port"] = proxy.Port;
        return new Pool(through.ConnectionString, size);
    }
}
