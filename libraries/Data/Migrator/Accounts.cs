using System.Data.Common;
using System.Text.RegularExpressions;

namespace FitFlow.Data;

/// <summary>What only the server's administrator may make: the database, its three users with the least rights each, and the two functions.</summary>
internal sealed partial class Accounts(AdminConnection admin, DatabaseSettings settings)
{
    public const string CurrentTenant = "current_tenant", CurrentPerson = "current_person";

    private const string ReadWrite = "SELECT, INSERT, UPDATE, DELETE", ReadAdd = "SELECT, INSERT", Read = "SELECT";

    /// <summary>A shared table with this ending is a record of what happened: the service adds to it, and neither changes nor deletes.</summary>
    private const string OnlyAddedTo = "_log";

    // Not ALL: the migrator makes and fills tables, and neither drops the database nor grants anything.
    private const string OfTheMigrator =
        "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE VIEW, SHOW VIEW, TRIGGER, "
        + "CREATE ROUTINE, ALTER ROUTINE, EXECUTE, LOCK TABLES, CREATE TEMPORARY TABLES";

    private sealed record Privilege(string Relation, string Name);

    public async Task Prepare(CancellationToken ct)
    {
        var database = AdminConnection.Quoted(settings.Database);
        await admin.Execute($"CREATE DATABASE IF NOT EXISTS {database} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci", ct);
        foreach (var connection in settings.Users)
        {
            await CreateOrAlter(connection, ct);
        }

        await admin.Execute($"GRANT {OfTheMigrator} ON {database}.* TO {Account(Driver.Credentials(settings.Migrator).User)}", ct);
        await CreateFunction(CurrentTenant, "@fitflow_tenant", ct);
        await CreateFunction(CurrentPerson, "@fitflow_person", ct);
    }

    /// <summary>Exactly these rights and no others, whatever was granted before.</summary>
    public async Task Grant(IReadOnlyList<Views.Relation> relations, IReadOnlyList<Migration> own, CancellationToken ct)
    {
        var ours = own.SelectMany(migration => Tables().Matches(migration.Sql).Select(match => match.Groups["table"].Value)).ToHashSet(StringComparer.Ordinal);
        var service = new Dictionary<string, string>(StringComparer.Ordinal);
        var across = new Dictionary<string, string>(StringComparer.Ordinal);
        var mine = Views.OfPersonsAcrossStudios(relations).ToHashSet(StringComparer.Ordinal);
        foreach (var relation in relations)
        {
            if (relation.Name.EndsWith(Views.Rows, StringComparison.Ordinal)) continue;
            if (relation.Name == History.Table || mine.Contains(relation.Name)) service[relation.Name] = Read;
            else if (relation.IsView && relation.Name.EndsWith(Views.Across, StringComparison.Ordinal)) across[relation.Name] = Read;
            else service[relation.Name] = relation is { IsView: false } && relation.Name.EndsWith(OnlyAddedTo, StringComparison.Ordinal) ? ReadAdd : ReadWrite;

            // Reports join what the service shares between studios; the events' and keys' tables are nothing to report on.
            if (relation is { IsView: false } && relation.Name != History.Table && !ours.Contains(relation.Name)) across[relation.Name] = Read;
        }

        await Grant(Driver.Credentials(settings.Service).User, service, ct);
        if (settings.Across is { } connection) await Grant(Driver.Credentials(connection).User, across, ct);
    }

    private static string Account(string user) => $"{AdminConnection.Literal(user)}@'%'";

    /// <summary>
    /// Alters first: MySQL refuses CREATE USER, even IF NOT EXISTS, to an administrator without SUPER once a view names the account as its definer.
    /// </summary>
    private async Task CreateOrAlter(string connection, CancellationToken ct)
    {
        const int noSuchUser = 1396;
        var (user, password) = Driver.Credentials(connection);
        var identified = $"{Account(user)} IDENTIFIED BY {AdminConnection.Literal(password)}";
        try
        {
            await admin.Execute($"ALTER USER {identified}", ct);
        }
        catch (DbException e) when (Driver.Number(e) == noSuchUser)
        {
            await admin.Execute($"CREATE USER {identified}", ct);
        }
    }

    private async Task Grant(string user, Dictionary<string, string> wanted, CancellationToken ct)
    {
        var has = await admin.Query<Privilege>(
            $"""
            SELECT table_name AS relation, privilege_type AS name
            FROM information_schema.table_privileges
            WHERE table_schema = {AdminConnection.Literal(settings.Database)}
              AND grantee = {AdminConnection.Literal($"'{user}'@'%'")}
            """, ct);
        var target = wanted.SelectMany(grant => grant.Value.Split(", ").Select(name => new Privilege(grant.Key, name))).ToHashSet();

        foreach (var relation in has.Where(privilege => !target.Contains(privilege)).GroupBy(privilege => privilege.Relation, StringComparer.Ordinal))
        {
            await admin.Execute($"REVOKE {string.Join(", ", relation.Select(privilege => privilege.Name))} ON {On(relation.Key)} FROM {Account(user)}", ct);
        }

        foreach (var relation in target.Except(has).GroupBy(privilege => privilege.Relation, StringComparer.Ordinal))
        {
            await admin.Execute($"GRANT {string.Join(", ", relation.Select(privilege => privilege.Name))} ON {On(relation.Key)} TO {Account(user)}", ct);
        }

        string On(string relation) => $"{AdminConnection.Quoted(settings.Database)}.{AdminConnection.Quoted(relation)}";
    }

    private async Task CreateFunction(string name, string variable, CancellationToken ct)
    {
        var there = await admin.Query<long>(
            $"""
            SELECT COUNT(*)
            FROM information_schema.routines
            WHERE routine_schema = {AdminConnection.Literal(settings.Database)} AND routine_name = {AdminConnection.Literal(name)}
            """, ct);
        if (there[0] > 0) return;
        try
        {
            // DETERMINISTIC: the optimizer asks once a statement, and uses the index. INVOKER: it does not hang on the account that made it.
            await admin.Execute(
                $"""
                CREATE FUNCTION {AdminConnection.Quoted(settings.Database)}.{AdminConnection.Quoted(name)}() RETURNS BINARY(16)
                DETERMINISTIC NO SQL SQL SECURITY INVOKER
                RETURN {variable}
                """, ct);
        }
        catch (DbException e) when (Driver.Number(e) is 1227 or 1418 or 1419)
        {
            throw new MigrationException(
                $"The server refuses to create the function {name}(), on which the separation of studios rests. Set log_bin_trust_function_creators = ON "
                + "(on HeatWave: in the configuration of the DB system) and run migrate again.", e);
        }
    }

    [GeneratedRegex(@"\bCREATE\s+TABLE\s+(IF\s+NOT\s+EXISTS\s+)?`?(?<table>\w+)`?", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Tables();
}
