using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Studios;

/// A studio as it stands. Each edit makes the next version.
internal sealed record Studio : StudioDetails
{
    private const string Here =
        """
        SELECT tenant_id AS id, name, description, address, phone, email, time_zone, currency, tax_region, opening_hours, amenities, is_active, version,
               created_at, updated_at
        FROM studios
        """;

    public required Guid Id { get; init; }

    public required bool IsActive { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// The studio of the scope.
    public static Task<Studio?> Find(DbScope studio, CancellationToken ct) => studio.QueryOne<Studio>(Here, ct);

    /// The studio of the transaction.
    public static Task<Studio?> Find(Transaction tx) => tx.QueryOne<Studio>(Here);

    /// The same, and nobody else changes it, who belongs to it or who is invited until the transaction ends: all of them come by here first.
    public static Task<Studio?> Lock(Transaction tx) => tx.QueryOne<Studio>(Here + "\nFOR UPDATE");

    public static ProblemHttpResult Unknown() => Problems.NotFound("studios.unknown", "There is no such studio.");

    public static ProblemHttpResult Inactive() => Problems.Conflict("studios.inactive", "This studio is closed: nobody joins it now.");
}
