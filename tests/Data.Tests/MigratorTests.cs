using System.Data.Common;
using FitFlow.ServiceDefaults;

namespace FitFlow.Data.Tests;

public sealed class MigratorTests
{
    private const string People = "CREATE TABLE people (id BINARY(16) NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL);";
    private const string Rooms = "CREATE TABLE rooms_rows (tenant_id BINARY(16) NOT NULL, id BINARY(16) NOT NULL, name VARCHAR(50) NOT NULL, PRIMARY KEY (tenant_id, id));";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnEveryEngine]
    public async Task ASecondRunFindsNothingToDo(Engine engine)
    {
        await using var database = await TestDatabase.Create(engine, People, Rooms);

        Assert.Contains("up to date", await database.Migrate(TestDatabase.Migrations(People, Rooms)), StringComparison.Ordinal);
        Assert.Contains("0003_m", await database.Migrate(TestDatabase.Migrations(People, Rooms, "ALTER TABLE people ADD age INT")), StringComparison.Ordinal);
    }

    [Theory, OnEveryEngine]
    public async Task OfFiveAtOnceOneMigratesAndTheOthersWait(Engine engine)
    {
        await using var database = TestDatabase.Named(TestDatabase.ServerOf(engine));
        var all = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => database.Migrate(TestDatabase.Migrations(People, Rooms)), Ct)));

        Assert.Single(all, line => line.Contains("applied", StringComparison.Ordinal));
        Assert.Equal(4, all.Count(line => line.Contains("up to date", StringComparison.Ordinal)));
    }

    [Theory, OnEveryEngine]
    public async Task AChangedMigrationStopsTheRun(Engine engine)
    {
        await using var database = await TestDatabase.Create(engine, People);

        var e = await Assert.ThrowsAsync<MigrationException>(() => database.Migrate(TestDatabase.Migrations(People + " ")));
        Assert.Contains("0001_m was changed after it was applied", e.Message, StringComparison.Ordinal);
        await database.Migrate(TestDatabase.Migrations(People.ReplaceLineEndings("\r\n")));
    }

    [Theory, OnEveryEngine]
    public async Task ALateNumberStopsTheRun(Engine engine)
    {
        await using var database = await TestDatabase.Create(engine, People);

        var e = await Assert.ThrowsAsync<MigrationException>(() => database.Migrate([.. TestDatabase.Migrations(People), new Migration("0000_late", Rooms)]));
        Assert.Contains("0000_late comes before 0001_m", e.Message, StringComparison.Ordinal);
    }

    [Theory, OnEveryEngine]
    public async Task AMigrationThatFailsHalfWayStopsTheNextRunUntilItIsPutRight(Engine engine)
    {
        await using var database = await TestDatabase.Create(engine, People);
        var broken = TestDatabase.Migrations(People, "CREATE TABLE a (id INT); INSERT INTO nowhere VALUES ('it''s'); CREATE TABLE b (id INT);");

        var first = await Assert.ThrowsAsync<MigrationException>(() => database.Migrate(broken));
        Assert.Contains("0002_m failed at statement 2 of 3", first.Message, StringComparison.Ordinal);
        var second = await Assert.ThrowsAsync<MigrationException>(() => database.Migrate(broken));
        Assert.Contains("0002_m failed at statement 2 of 3", second.Message, StringComparison.Ordinal);
        Assert.Contains("DELETE FROM schema_migrations", second.Message, StringComparison.Ordinal);

        await database.AsAdmin($"DROP TABLE {database.Name}.a");
        await database.AsAdmin($"DELETE FROM {database.Name}.schema_migrations WHERE name = '0002_m'");
        await database.Migrate(TestDatabase.Migrations(People, "CREATE TABLE a (id INT); CREATE TABLE b (id INT);"));
    }

    [Theory, OnEveryEngine]
    public async Task AMigrationThatFailsAtItsFirstStatementLeavesNothingBehind(Engine engine)
    {
        await using var database = await TestDatabase.Create(engine, People);

        var e = await Assert.ThrowsAsync<MigrationException>(() => database.Migrate(TestDatabase.Migrations(People, "CREATE TABLE people (id INT);")));
        Assert.Contains("Nothing of it is in the database", e.Message, StringComparison.Ordinal);
        await database.Migrate(TestDatabase.Migrations(People, "CREATE TABLE other (id INT);"));
    }

    [Theory, OnEveryEngine]
    public async Task AnInterruptedMigrationSaysHowToGoOn(Engine engine)
    {
        await using var database = await TestDatabase.Create(engine, People);
        await database.AsAdmin($"UPDATE {database.Name}.schema_migrations SET applied_at = NULL WHERE name = '0001_m'");

        var e = await Assert.ThrowsAsync<MigrationException>(() => database.Migrate(TestDatabase.Migrations(People)));
        Assert.Contains("0001_m was interrupted", e.Message, StringComparison.Ordinal);
    }

    [Theory, OnEveryEngine]
    public async Task ViewsFollowTheirTables(Engine engine)
    {
        await using var database = await TestDatabase.Create(engine, Rooms);
        const string more = "ALTER TABLE rooms_rows ADD size INT NOT NULL DEFAULT 7; CREATE TABLE halls_rows (owner_id BINARY(16) NOT NULL PRIMARY KEY)";
        await database.Migrate(TestDatabase.Migrations(Rooms, more));
        await using var db = database.NewDb(TestDatabase.Migrations(Rooms, more));
        var studio = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await db.ForTenant(studio).Execute("INSERT INTO rooms (tenant_id, id, name) VALUES (@Studio, @Studio, 'x')", new { Studio = studio }, Ct);

        Assert.Equal(7, await db.ForTenant(studio).QueryOne<int>("SELECT size FROM rooms", Ct));
        Assert.Equal(7, await db.AcrossTenants("test").QueryOne<int>("SELECT size FROM rooms_across", Ct));
        Assert.Empty(await db.ForPerson(studio).Query<Guid>("SELECT owner_id FROM halls", Ct));

        await database.Migrate(TestDatabase.Migrations(Rooms, more, "DROP TABLE halls_rows"));
        Assert.Equal([0], await database.AsAdmin<long>($"SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = '{database.Name}' AND table_name LIKE 'halls%'"));
    }

    [Theory, OnEveryEngine]
    public async Task APersonsViewFollowsWhetherTheTableIsAboutPersons(Engine engine)
    {
        const string about = "ALTER TABLE rooms_rows ADD owner_id BINARY(16) NULL, ADD KEY of_a_person (owner_id, tenant_id)";
        const string notAnyMore = "ALTER TABLE rooms_rows DROP KEY of_a_person, DROP owner_id";
        await using var database = await TestDatabase.Create(engine, Rooms);
        await database.Migrate(TestDatabase.Migrations(Rooms, about));
        await using var db = database.NewDb(TestDatabase.Migrations(Rooms, about));
        Assert.Empty(await db.ForPerson(Guid.CreateVersion7(TimeProvider.System.GetUtcNow())).Query<Guid>("SELECT id FROM rooms_mine", Ct));

        await database.Migrate(TestDatabase.Migrations(Rooms, about, notAnyMore));
        Assert.Equal(["rooms", "rooms_across", "rooms_rows"], await database.AsAdmin<string>(
            $"SELECT table_name AS name FROM information_schema.tables WHERE table_schema = '{database.Name}' AND table_name LIKE 'rooms%' ORDER BY 1"));
    }

    [Theory, OnEveryEngine]
    public async Task ALostViewComesBack(Engine engine)
    {
        await using var database = await TestDatabase.Create(engine, Rooms);
        await database.AsAdmin($"DROP VIEW {database.Name}.rooms");
        await database.Migrate(TestDatabase.Migrations(Rooms));

        Assert.Empty(await database.Db.ForTenant(Guid.CreateVersion7(TimeProvider.System.GetUtcNow())).Query<Guid>("SELECT id FROM rooms", Ct));
    }

    [Theory, OnEveryEngine]
    public async Task RightsThatAreTooManyAreTakenBack(Engine engine)
    {
        await using var database = await TestDatabase.Create(engine, Rooms);
        await database.AsAdmin($"GRANT SELECT ON {database.Name}.rooms_rows TO '{database.Name}_service'@'%'");
        await database.AsAdmin($"GRANT DELETE ON {database.Name}.rooms_across TO '{database.Name}_across'@'%'");
        await database.Migrate(TestDatabase.Migrations(Rooms));

        await Assert.ThrowsAnyAsync<DbException>(() => database.Db.Global().Query<Guid>("SELECT id FROM rooms_rows", Ct));
        await Assert.ThrowsAnyAsync<DbException>(() => database.Db.AcrossTenants("test").Execute("DELETE FROM rooms_across", Ct));
    }

    [Theory, OnEveryEngine]
    public async Task ATableThatBelongsToNobodyIsRefused(Engine engine)
    {
        foreach (var (sql, says) in new[]
        {
            ("CREATE TABLE bad_rows (id BINARY(16) NOT NULL PRIMARY KEY)", "bad_rows must start with the column tenant_id"),
            ("CREATE TABLE bad_rows (tenant_id BINARY(16) NULL, id BINARY(16) NOT NULL PRIMARY KEY)", "tenant_id of bad_rows must be NOT NULL and lead its primary key"),
        })
        {
            await using var database = TestDatabase.Named(TestDatabase.ServerOf(engine));
            var e = await Assert.ThrowsAsync<MigrationException>(() => database.Migrate(TestDatabase.Migrations(sql)));
            Assert.Contains(says, e.Message, StringComparison.Ordinal);
        }
    }

    [Theory, OnEveryEngine]
    public async Task TriggersAndFunctionsWithABodyAreCreated(Engine engine)
    {
        await using var database = await TestDatabase.Create(engine, People,
            """
            DELIMITER $$
            CREATE TRIGGER upper_name BEFORE INSERT ON people FOR EACH ROW
            BEGIN
              SET NEW.name = UPPER(NEW.name); -- said; loudly
            END$$
            DELIMITER ;
            """);
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await database.Db.Global().Execute("INSERT INTO people (id, name) VALUES (@Id, 'ann;')", new { Id = id }, Ct);
        Assert.Equal("ANN;", await database.Db.Global().QueryOne<string>("SELECT name FROM people WHERE id = @Id", new { Id = id }, Ct));
    }

    [Theory, OnEveryEngine]
    public async Task ANewPasswordIsTakenOver(Engine engine)
    {
        await using var database = await TestDatabase.Create(engine, People);
        database.Settings[$"ConnectionStrings:{database.Name}"] = database.As($"{database.Name}_service", "another", database.Name);
        await database.Migrate(TestDatabase.Migrations(People));

        await using var db = database.NewDb(TestDatabase.Migrations(People));
        Assert.Empty(await db.Global().Query<Guid>("SELECT id FROM people", Ct));
    }

    [Theory, OnEveryEngine]
    public async Task TheAdministratorOfACloudWithoutSuperIsEnough(Engine engine)
    {
        await using var database = TestDatabase.Named(TestDatabase.ServerOf(engine));
        var admin = $"'{database.Name}_admin'@'%'";
        await database.AsAdmin($"CREATE USER {admin} IDENTIFIED BY 'cloud'");
        try
        {
            await database.AsAdmin(
                "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES, CREATE TEMPORARY TABLES, LOCK TABLES, "
                + $"EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER ON *.* TO {admin} WITH GRANT OPTION");
            database.Settings[$"ConnectionStrings:{database.Name}-admin"] = database.As($"{database.Name}_admin", "cloud");
            await database.Migrate(TestDatabase.Migrations(Rooms));
            await database.Migrate(TestDatabase.Migrations(Rooms, People));
            await using var db = database.NewDb(TestDatabase.Migrations(Rooms, People));
            Assert.Empty(await db.ForTenant(Guid.CreateVersion7(TimeProvider.System.GetUtcNow())).Query<Guid>("SELECT id FROM rooms", Ct));
        }
        finally
        {
            await database.AsAdmin($"DROP USER {admin}");
        }
    }

    [Fact]
    public async Task WhatIsMissingInTheConfigurationIsOneClearLine()
    {
        var database = TestDatabase.Named(Servers.MySql);
        database.Settings.Remove($"ConnectionStrings:{database.Name}-admin");
        var missing = await Assert.ThrowsAsync<CannotStartException>(() => database.Migrate([]));
        Assert.Equal($"ConnectionStrings:{database.Name}-admin is not set.", missing.Message);

        database.Settings[$"ConnectionStrings:{database.Name}-admin"] = "Sever=x;Password=secret";
        var broken = await Assert.ThrowsAsync<CannotStartException>(() => database.Migrate([]));
        Assert.DoesNotContain("secret", broken.Message, StringComparison.Ordinal);

        database.Settings[$"ConnectionStrings:{database.Name}"] = "Server=x;Database=with_underscore";
        Assert.Contains("lower-case letters and digits", Assert.Throws<CannotStartException>(() => new DatabaseSettings(
            new Microsoft.Extensions.Configuration.ConfigurationBuilder().Add(new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = database.Settings }).Build(),
            database.Name).Database).Message, StringComparison.Ordinal);
    }
}
