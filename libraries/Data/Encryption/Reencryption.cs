using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace FitFlow.Data.Encryption;

/// <summary>Whose rows a table holds: the first column of its key.</summary>
public enum RowsOf
{
    /// <summary>A table of a studio (<c>tenant_id</c>).</summary>
    Tenant,

    /// <summary>A table of a person (<c>owner_id</c>).</summary>
    Person,

    /// <summary>A shared table.</summary>
    Nobody,
}

/// <summary>An encrypted column of a table with the key <c>id</c>, and the column that says whose secret it is under.</summary>
public sealed record EncryptedColumn(string Table, string Column, string PersonColumn, RowsOf RowsOf);

/// <summary>A page that was gone through: how many values were re-encrypted in it, and how many could not be read and are as they were.</summary>
public sealed record ReencryptedPage(int Done, int Unreadable);

/// <summary>Brings what was written under an older key to the current one, a page at a time, for a background job.</summary>
public static partial class Reencryption
{
    private const int Page = 200;

    private sealed record Row(Guid Owner, Guid Id, Guid Person, byte[] Value);

    /// <summary>
    /// Yields after each page what became of it. Ends when it has seen all of the table; can be stopped and begun
    /// again at any time, and run twice at once. Fields of erased persons are left as they are; those that cannot be read too, and each of them
    /// is said to <paramref name="log"/>: until somebody has looked at them, the old master key has to stay.
    /// </summary>
    public static async IAsyncEnumerable<ReencryptedPage> Reencrypt(
        this FieldEncryption encryption, Db db, EncryptedColumn column, ILogger log, [EnumeratorCancellation] CancellationToken ct)
    {
        var field = $"{column.Table}.{column.Column}";
        var across = column.RowsOf == RowsOf.Nobody ? db.Global() : db.AcrossTenants($"re-encrypting {field}");
        var after = new { Owner = Guid.Empty, Id = Guid.Empty };
        while (true)
        {
            var page = await across.Query<Row>(Select(column), new { after.Owner, after.Id, Current = encryption.CurrentVersion, Page }, ct);
            if (page.Count == 0) yield break;
            var (done, unreadable) = (0, 0);
            foreach (var row in page)
            {
                try
                {
                    if (await Reencrypt(encryption, db, column, field, row, ct)) done++;
                }
                catch (EncryptionException e) when (e.Problem == EncryptionProblem.Erased)
                {
                    // Nobody can read it any more, under whatever key.
                }
                catch (EncryptionException e)
                {
                    // Those behind it have done nothing wrong.
                    unreadable++;
                    LogUnreadable(log, field, row.Id, e);
                }
            }

            after = new { page[^1].Owner, page[^1].Id };
            yield return new ReencryptedPage(done, unreadable);
        }
    }

    private static async Task<bool> Reencrypt(FieldEncryption encryption, Db db, EncryptedColumn column, string field, Row row, CancellationToken ct)
    {
        var fields = await encryption.Of(db.Global(), row.Person, ct);
        var value = fields.Encrypt(field, row.Id, fields.Decrypt(field, row.Id, row.Value));
        var scope = column.RowsOf switch
        {
            RowsOf.Tenant => db.ForTenant(row.Owner),
            RowsOf.Person => db.ForPerson(row.Owner),
            _ => db.Global(),
        };
        // Whoever wrote meanwhile wrote under the current key.
        return await scope.Execute(Update(column), new { row.Id, New = value, Old = row.Value }, ct) == 1;
    }

    [LoggerMessage(LogLevel.Error, "{Field} of row {Row} cannot be read and stays under its old key")]
    private static partial void LogUnreadable(ILogger log, string field, Guid row, Exception e);

    private static string Select(EncryptedColumn column)
    {
        var (owner, table) = column.RowsOf switch
        {
            RowsOf.Tenant => ("tenant_id", column.Table + Views.Across),
            RowsOf.Person => ("owner_id", column.Table + Views.Across),
            _ => ("id", column.Table),
        };
        return $"""
            SELECT {owner} AS owner, id, {column.PersonColumn} AS person, {column.Column} AS value
            FROM {table}
            WHERE {owner} >= @Owner AND ({owner} > @Owner OR id > @Id)
              AND {column.Column} IS NOT NULL AND LEFT({column.Column}, {SealedField.VersionSize}) <> @Current
            ORDER BY {owner}, id
            LIMIT @Page
            """;
    }

    private static string Update(EncryptedColumn column) =>
        $"""
        UPDATE {column.Table}
        SET {column.Column} = @New
        WHERE id = @Id AND {column.Column} = @Old
        """;
}
