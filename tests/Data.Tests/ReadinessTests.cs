using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace FitFlow.Data.Tests;

public sealed class ReadinessTests
{
    private const string People = "CREATE TABLE people (id BINARY(16) NOT NULL PRIMARY KEY);";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnEveryEngine]
    public async Task AServiceIsReadyOnceItsSchemaIsAndSaysWhyNot(Engine engine)
    {
        await using var database = TestDatabase.Named(TestDatabase.ServerOf(engine));
        var migrations = TestDatabase.Migrations(People, "CREATE TABLE more (id INT);");
        var before = await Check(database, migrations);
        Assert.Equal(HealthStatus.Unhealthy, before.Result.Status);
        Assert.Contains("not ready for this service", before.Result.Description, StringComparison.Ordinal);

        await database.Migrate(TestDatabase.Migrations(People));
        var behind = await Check(database, migrations);
        Assert.Equal(HealthStatus.Unhealthy, behind.Result.Status);
        Assert.Equal("The schema is behind: 0002_m not applied. Run migrate.", behind.Result.Description);

        // The same process becomes ready by itself.
        await database.Migrate(migrations);
        Assert.Equal(HealthStatus.Healthy, (await behind.Again()).Status);

        // An older program on a newer schema goes on.
        var older = await Check(database, TestDatabase.Migrations(People));
        Assert.Equal(HealthStatus.Healthy, older.Result.Status);
    }

    [Theory, OnEveryEngine]
    public async Task AFailedMigrationKeepsTheServiceFromBeingReady(Engine engine)
    {
        await using var database = TestDatabase.Named(TestDatabase.ServerOf(engine));
        var broken = TestDatabase.Migrations("CREATE TABLE a (id INT); CREATE TABLE a (id INT);");
        await Assert.ThrowsAsync<MigrationException>(() => database.Migrate(broken));

        // Its users have no rights yet, or had them before: the reason is told in both cases.
        await database.AsAdmin($"GRANT SELECT ON {database.Name}.schema_migrations TO '{database.Name}_service'@'%'");
        var check = await Check(database, broken);
        Assert.Contains("0001_m failed at statement 2 of 2", check.Result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void TheClockOfTheDefaultsComesFirst()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });

        var refused = Assert.Throws<InvalidOperationException>(() => builder.AddData("somedb", []));

        Assert.Contains("AddFitFlowDefaults", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<Checked> Check(TestDatabase database, IReadOnlyList<Migration> migrations)
    {
        var check = new Checked(database.Host(migrations).Services.GetRequiredService<HealthCheckService>());
        await check.Again();
        return check;
    }

    private sealed class Checked(HealthCheckService service)
    {
        public HealthReportEntry Result { get; private set; }

        public async Task<HealthReportEntry> Again() =>
            Result = (await service.CheckHealthAsync(check => check.Tags.Contains("ready"), Ct)).Entries["mysql"];
    }
}
