namespace FitFlow.Data;

/// <summary>
/// The views through which a service sees its tables. A table <c>x_rows</c> that starts with <c>tenant_id</c> belongs to studios, one that
/// starts with <c>owner_id</c> to persons; the service reads and writes the view <c>x</c>, AcrossTenants reads <c>x_across</c>. A table
/// without that ending is shared.
/// </summary>
internal static class Views
{
    public const string Rows = "_rows", Across = "_across";

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

            bool Fits(string view) => relations.Any(relation => relation.IsView && relation.Name == view && relation.Columns.SequenceEqual(table.Columns));
        }

        var tables = relations.Where(relation => !relation.IsView).Select(relation => relation.Name).ToHashSet(StringComparer.Ordinal);
        // A view whose table is gone has no columns, so it is not among the relations.
        foreach (var view in await migrator.Query<string>("SELECT table_name AS name FROM information_schema.views WHERE table_schema = DATABASE()", ct))
        {
            if (!view.EndsWith(Across, StringComparison.Ordinal) || tables.Contains(view[..^Across.Length] + Rows)) continue;
            await migrator.Execute($"DROP VIEW {AdminConnection.Quoted(view)}", ct);
            await migrator.Execute($"DROP VIEW IF EXISTS {AdminConnection.Quoted(view[..^Across.Length])}", ct);
        }

        return await Read(migrator, ct);
    }

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
            "tenant_id" => Accounts.CurrentTenant,
            "owner_id" => Accounts.CurrentPerson,
            _ => throw new MigrationException($"{table.Name} must start with the column tenant_id (a studio's) or owner_id (a person's)."),
        };
        return table.OwnerLeadsKey ? function : throw new MigrationException($"{table.Owner} of {table.Name} must be NOT NULL and lead its primary key.");
    }

    /// <summary>A table or view and its columns in order.</summary>
    internal sealed record Relation(string Name, bool IsView, IReadOnlyList<string> Columns, bool OwnerLeadsKey)
    {
        public string Owner => Columns[0];
    }
}
