using FitFlow.Data;

namespace FitFlow.Identity.Features.Coachings;

/// Who coaches whom: trainers see only their own clients.
internal static class Coaching
{
    private const string Query =
        """
        SELECT EXISTS (SELECT 1 FROM coachings WHERE trainer_id = @Trainer AND client_id = @Client)
        """;

    /// In the scope's studio.
    public static Task<bool> Coaches(DbScope studio, Guid trainer, Guid client, CancellationToken ct) =>
        studio.QueryOne<bool>(Query, new { trainer, client }, ct);

    /// In the transaction's studio.
    public static Task<bool> Coaches(Transaction tx, Guid trainer, Guid client) => tx.QueryOne<bool>(Query, new { trainer, client });

    /// From now on, if not before. Both belong to the studio, which is locked.
    public static Task Begin(Transaction tx, Guid trainer, Guid client, DateTimeOffset now) => tx.Execute(
        """
        INSERT INTO coachings (tenant_id, trainer_id, client_id, since)
        VALUES (@Studio, @Trainer, @Client, @Now)
        ON DUPLICATE KEY UPDATE since = since
        """, new { Studio = tx.Tenant, trainer, client, now });
}
