using FitFlow.Data;
using NodaTime;

namespace FitFlow.Scheduling.Features.Studios;

/// What Scheduling has to know of a studio. Identity owns it; here it follows by events.
internal sealed record Studio(Guid Id, string TimeZone, string Currency, bool IsActive)
{
    private const string Here =
        """
        SELECT tenant_id AS id, time_zone, currency, is_active
        FROM studios
        """;

    public DateTimeZone Zone => DateTimeZoneProviders.Tzdb[TimeZone];

    /// The studio of the scope; null until its first event has arrived.
    public static Task<Studio?> Find(DbScope studio, CancellationToken ct) => studio.QueryOne<Studio>(Here, ct);

    /// The studio of the transaction.
    public static Task<Studio?> Find(Transaction tx) => tx.QueryOne<Studio>(Here);
}
