namespace FitFlow.Data;

/// <summary>Which migrations a database has seen: the table <c>schema_migrations</c>.</summary>
internal static class History
{
    public const string Table = "schema_migrations";

    public const string Select = "SELECT name, checksum, statements, done, applied_at, error FROM schema_migrations";

    public const string Create =
        """
        CREATE TABLE IF NOT EXISTS schema_migrations (
          name       VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
          checksum   CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
          statements INT NOT NULL,
          done       INT NOT NULL,
          started_at DATETIME(6) NOT NULL,
          applied_at DATETIME(6) NULL,
          error      TEXT NULL
        )
        """;

    public sealed record Entry(string Name, string Checksum, int Statements, int Done, DateTimeOffset? AppliedAt, string? Error);

    /// <summary>Those still to be applied, in order. Throws when what is in the database and what is in the program cannot belong together.</summary>
    public static IReadOnlyList<Migration> Pending(IReadOnlyList<Migration> migrations, IReadOnlyList<Entry> entries)
    {
        var seen = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        foreach (var migration in migrations)
        {
            if (!seen.TryGetValue(migration.Name, out var entry)) continue;
            if (entry.AppliedAt is null) throw new MigrationException(HowToGoOn(entry));
            if (entry.Checksum != migration.Checksum)
            {
                throw new MigrationException(
                    $"{migration.Name} was changed after it was applied here (checksum {entry.Checksum[..12]}, now {migration.Checksum[..12]}). "
                    + "Put it back as it was and write the change as a new migration.");
            }
        }

        var pending = migrations.Where(migration => !seen.ContainsKey(migration.Name)).ToList();
        foreach (var late in pending)
        {
            var folder = late.Name.LastIndexOf('/') + 1;
            var applied = seen.Keys.Where(name => name.LastIndexOf('/') + 1 == folder).Max(StringComparer.Ordinal);
            if (applied is not null && string.CompareOrdinal(late.Name, applied) < 0)
            {
                throw new MigrationException($"{late.Name} comes before {applied}, which is applied already: give it the next number.");
            }
        }

        return pending;
    }

    /// <summary>Why a service must not run on this database, or null.</summary>
    public static string? Behind(IReadOnlyList<Migration> migrations, IReadOnlyList<Entry> entries)
    {
        try
        {
            var pending = Pending(migrations, entries);
            return pending.Count == 0 ? null : $"The schema is behind: {string.Join(", ", pending.Select(migration => migration.Name))} not applied. Run migrate.";
        }
        catch (MigrationException e)
        {
            return e.Message;
        }
    }

    private static string HowToGoOn(Entry entry) =>
        (entry.Error is { } error
            ? $"{entry.Name} failed at statement {entry.Done + 1} of {entry.Statements}: {error} "
            : $"{entry.Name} was interrupted at statement {entry.Done + 1} of {entry.Statements}, which may or may not have run. ")
        + $"MySQL cannot roll DDL back, so the {entry.Done} before it are in the database. Put the schema right by hand, then "
        + $"UPDATE {Table} SET applied_at = UTC_TIMESTAMP(6) WHERE name = '{entry.Name}' when all of it is there, or "
        + $"DELETE FROM {Table} WHERE name = '{entry.Name}' when none of it is, and run migrate again.";
}
