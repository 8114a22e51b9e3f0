using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Data.Events;
using FitFlow.Scheduling.Features.Availability;

namespace FitFlow.Scheduling.Features.Studios;

/// Where a studio's clock stands, and what it counts its money in. An edit that came first knows better.
internal sealed class KeepNewStudio : Reaction<StudioCreated>
{
    protected override Task React(StudioCreated created, Transaction tx) =>
        StudioRows.AddIfNew(tx, new Studio(created.StudioId, created.TimeZone, created.Currency, IsActive: true));
}

[LatestOnly]
internal sealed class KeepChangedStudio(SlotCache slots) : Reaction<StudioUpdated>
{
    protected override Task React(StudioUpdated updated, Transaction tx)
    {
        slots.DropStudio(tx);
        return tx.Execute(
            """
            INSERT INTO studios (tenant_id, time_zone, currency, is_active)
            VALUES (@StudioId, @TimeZone, @Currency, @IsActive)
            ON DUPLICATE KEY UPDATE time_zone = @TimeZone, currency = @Currency, is_active = @IsActive
            """, updated);
    }
}
