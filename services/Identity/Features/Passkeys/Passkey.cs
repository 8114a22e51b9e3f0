using FitFlow.Data;

namespace FitFlow.Identity.Features.Passkeys;

/// A passkey as its owner sees it. `is_backed_up`: it is on more devices than one, as far as this one says.
internal sealed record Passkey(
    Guid Id, string Name, IReadOnlyList<string> Transports, bool IsBackedUp, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt)
{
    public const int MaxName = 64;

    /// More than anybody has devices; fewer than would make the list that a device is shown a long one.
    public const int MaxOfAPerson = 20;

    private sealed record Row(Guid Id, string Name, string Transports, bool IsBackedUp, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

    /// The oldest first.
    public static async Task<IReadOnlyList<Passkey>> Of(Db db, Guid person, CancellationToken ct)
    {
        var rows = await db.Global().Query<Row>(
            """
            SELECT id, name, transports, is_backed_up, created_at, last_used_at
            FROM passkeys
            WHERE user_id = @Person
            ORDER BY id
            """, new { person }, ct);
        return [.. rows.Select(row => new Passkey(row.Id, row.Name, WebAuthn.TransportsIn(row.Transports), row.IsBackedUp, row.CreatedAt, row.LastUsedAt))];
    }
}
