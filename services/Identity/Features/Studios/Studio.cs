using FitFlow.Data;

namespace FitFlow.Identity.Features.Studios;

/// A studio as it stands. Each edit makes the next version.
internal sealed record Studio : StudioDetails
{
    public required Guid Id { get; init; }

    public required bool IsActive { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// The studio that the transaction is for.
    public static Task<Studio?> Find(Transaction tx) => tx.QueryOne<Studio>(
        """
        SELECT tenant_id AS id, name, description, address, phone, email, time_zone, currency, tax_region, opening_hours, amenities, is_active, version,
               created_at, updated_at
        FROM studios
        """);

    /// The same, and nobody else changes the studio, who belongs to it or who is invited until the transaction ends: all of them come by here first.
    public static async Task<Studio?> Lock(Transaction tx)
    {
        await tx.Query<Guid>("SELECT tenant_id FROM studios FOR UPDATE");
        return await Find(tx);
    }
}
