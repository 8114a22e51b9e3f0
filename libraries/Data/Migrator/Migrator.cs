using System.Data.Common;
using System.Globalization;

namespace FitFlow.Data;

/// <summary>
/// The one-shot <c>migrate</c> run: makes the database, its users and functions, applies the migrations that are missing, recreates the
/// views and grants what each user may. One at a time, however many replicas try.
/// </summary>
internal sealed class Migrator(DatabaseSettings settings, IReadOnlyList<Migration> migrations, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>What was done, in one line.</summary>
    public async Task<string> Run(CancellationToken ct)
    {
        await using var admin = await AdminConnection.Open(settings.Admin, ct);
        await Lock(admin, ct);
        var accounts = new Accounts(admin, settings);
        await accounts.Prepare(ct);

        await using var migrator = await AdminConnection.Open(settings.Migrator, ct);
        await migrator.Execute(History.Create, ct);
        var pending = History.Pending(migrations, await migrator.Query<History.Entry>(History.Select, ct));
        foreach (var migration in pending) await Apply(migrator, migration, ct);
        var relations = await Views.Recreate(migrator, changed: pending.Count > 0, ct);

        await accounts.Grant(relations, [.. migrations.Where(migration => migration.Name.StartsWith("data/", StringComparison.Ordinal))], ct);
        return pending.Count == 0
            ? $"{settings.Database} is up to date ({migrations.Count} migrations)."
            : $"{settings.Database}: applied {string.Join(", ", pending.Select(migration => migration.Name))}.";
    }

    /// <summary>The lock goes with the connection, so a migrator that dies leaves none behind.</summary>
    private async Task Lock(AdminConnection admin, CancellationToken ct)
    {
        var until = clock.GetUtcNow() + Patience;
        while ((await admin.Query<long?>($"SELECT GET_LOCK('migrate.{settings.Database}', 2)", ct))[0] != 1)
        {
            if (clock.GetUtcNow() > until) throw new MigrationException($"Another migrate run of {settings.Database} has been at work for {Patience.TotalMinutes:0} minutes.");
        }
    }

    private async Task Apply(AdminConnection migrator, Migration migration, CancellationToken ct)
    {
        var statements = Script.Statements(migration.Sql);
        var name = AdminConnection.Literal(migration.Name);
        await migrator.Execute(
            $"""
            INSERT INTO {History.Table} (name, checksum, statements, done, started_at)
            VALUES ({name}, '{migration.Checksum}', {statements.Count}, 0, {Now()})
            """, ct);
        for (var done = 0; done < statements.Count; done++)
        {
            try
            {
                await migrator.Execute(statements[done], ct);
            }
            catch (DbException e) when (Driver.Translate(e, ct) is null or UniqueViolation or TenantViolation or LockConflict)
            {
                await Fail(migrator, name, done, e, ct);
                throw new MigrationException(
                    $"{migration.Name} failed at statement {done + 1} of {statements.Count}: {e.Message} "
                    + (done == 0 ? "Nothing of it is in the database." : "What came before it is in the database; the next run says how to go on."), e);
            }

            await migrator.Execute($"UPDATE {History.Table} SET done = {done + 1} WHERE name = {name}", ct);
        }

        await migrator.Execute($"UPDATE {History.Table} SET applied_at = {Now()} WHERE name = {name}", ct);
    }

    /// <summary>One statement is all or nothing, so a migration that failed at its first has left nothing to repair.</summary>
    private static Task Fail(AdminConnection migrator, string name, int done, DbException e, CancellationToken ct) =>
        migrator.Execute(
            done == 0
                ? $"DELETE FROM {History.Table} WHERE name = {name}"
                : $"UPDATE {History.Table} SET error = {AdminConnection.Literal(e.Message)} WHERE name = {name}", ct);

    private string Now() => clock.GetUtcNow().UtcDateTime.ToString("\\'yyyy-MM-dd HH:mm:ss.ffffff\\'", CultureInfo.InvariantCulture);
}
