namespace FitFlow.Data;

/// <summary>
/// The views through which a service sees its tables. A table <c>x_rows</c> that starts with <c>tenant_id</c> belongs to studios, one that
/// starts with <c>owner_id</c> to persons; the service reads and writes the view <c>x</c>, AcrossTenants reads <c>x_across</c>. A studio's
/// table with an <c>owner_id</c> is about persons: each reads their own rows of every studio through <c>x_mine</c>. A table without that
/// ending is shared.
/// </summary>
internal static class Views
{
    public const string Rows = "_rows", Across = "_across", Mine = "_mine";

    private const string Studio = "tenant_id", Person = "owner_id";

    private const string Columns =
        """
        SELECT t.table_name AS relation, t.table_type = 'VIEW' AS is_view, c.column_name AS name, c.column_key = 'PRI' AS is_key, c.is_nullable = 'YES' AS is_nullable
        FROM information_schema.tables t
        JOIN information_schema.columns c ON c.table_schema = t.table_schema AND c.table_name = t.table_name
        WHERE t.table_schema = DATABASE()
        ORDER BY t.table_name, c.ordinal_position
        """;

    private sealed record Column(string Relation, bool IsView, string Name, bool IsKey, bool IsNullable);

    public static async Task<IReadOnlyList<Relation>> Recreate(AdminConnection migrator, bool changed, CancellationToken ct)
    {
        var relations = await Read(migrator, ct);
        foreach (var table in relations.Where(relation => relation is { IsView: false } && relation.Name.EndsWith(Rows, StringComparison.Ordinal)))
        {
            var name = table.Name[..^Rows.Length];
            if (changed || !Fits(name)) await migrator.Execute(View(name, table, $"\nWHERE {table.Owner} = {Function(table)}()\nWITH CASCADED CHECK OPTION"), ct);
            if (changed || !Fits(name + Across)) await migrator.Execute(View(name + Across, table, ""), ct);
            if (table.IsAboutPersons && (changed || !Fits(name + Mine)))
                await migrator.Execute(View(name + Mine, table, $"\nWHERE {Person} = {Accounts.CurrentPerson}()"), ct);

            bool Fits(string view) => relations.Any(relation => relation.IsView && relation.Name == view && relation.Columns.SequenceEqual(table.Columns));
        }

        var tables = relations.Where(relation => !relation.IsView).ToDictionary(table => table.Name, StringComparer.Ordinal);
        // A view whose table is gone has no columns, so it is not among the relations.
        foreach (var view in await migrator.Query<string>("SELECT table_name AS name FROM information_schema.views WHERE table_schema = DATABASE()", ct))
        {
            if (tables.ContainsKey(view + Rows)) continue;
            if (view.EndsWith(Mine, StringComparison.Ordinal) && tables.GetValueOrDefault(view[..^Mine.Length] + Rows) is null or { IsAboutPersons: false }) await Drop(view);
            if (!view.EndsWith(Across, StringComparison.Ordinal) || tables.ContainsKey(view[..^Across.Length] + Rows)) continue;
            await Drop(view);
            await Drop(view[..^Across.Length]);
        }

        Task Drop(string view) => migrator.Execute($"DROP VIEW IF EXISTS {AdminConnection.Quoted(view)}", ct);

        return await Read(migrator, ct);
    }

    /// <summary>The persons' views of studios' tables: they are read, and written through the studio's.</summary>
    public static IEnumerable<string> OfPersonsAcrossStudios(IReadOnlyList<Relation> relations) =>
        relations.Where(relation => relation.IsAboutPersons && relation.Name.EndsWith(Rows, StringComparison.Ordinal)).Select(table => table.Name[..^Rows.Length] + Mine);

    private static async Task<IReadOnlyList<Relation>> Read(AdminConnection migrator, CancellationToken ct) =>
        [.. (await migrator.Query<Column>(Columns, ct))
            .GroupBy(column => column.Relation, StringComparer.Ordinal)
            .Select(columns => new Relation(columns.Key, columns.First().IsView, [.. columns.Select(column => column.Name)], columns.First() is { IsKey: true, IsNullable: false }))];

    private static string View(string name, Relation table, string filter) =>
        $"CREATE OR REPLACE ALGORITHM = MERGE SQL SECURITY DEFINER VIEW {AdminConnection.Quoted(name)} AS\n"
        + $"SELECT {string.Join(", ", table.Columns.Select(AdminConnection.Quoted))}\nFROM {AdminConnection.Quoted(table.Name)}{filter}";

    private static string Function(Relation table)
    {
        var function = table.Owner switch
        {
            Studio => Accounts.CurrentTenant,
            Person => Accounts.CurrentPerson,
            _ => throw new MigrationException($"{table.Name} must start with the column tenant_id (a studio's) or owner_id (a person's)."),
        };
        return table.OwnerLeadsKey ? function : throw new MigrationException($"{table.Owner} of {table.Name} must be NOT NULL and lead its primary key.");
    }

    /// <summary>A table or view and its columns in order.</summary>
    internal sealed record Relation(string Name, bool IsView, IReadOnlyList<string> Columns, bool OwnerLeadsKey)
    {
        public string Owner => Columns[0];

        /// <summary>A studio's table whose rows are each about one person.</summary>
        public bool IsAboutPersons => !IsView && Owner == Studio && Columns.Contains(Person, StringComparer.Ordinal);
    }
}
