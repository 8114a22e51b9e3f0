using FitFlow.Data;

namespace FitFlow.Identity.Features.Coachings;

/// Who coaches whom: trainers see only their own clients.
internal static class Coaching
{
    /// From now on, if not before. Both belong to the studio, which is locked.
    public static Task Begin(Transaction tx, Guid trainer, Guid client, DateTimeOffset now) => tx.Execute(
        """
        INSERT INTO coachings (tenant_id, trainer_id, client_id, since)
        VALUES (@Studio, @Trainer, @Client, @Now)
        ON DUPLICATE KEY UPDATE since = since
        """, new { Studio = tx.Tenant, trainer, client, now });
}
