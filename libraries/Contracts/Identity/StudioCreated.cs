using MassTransit;

namespace FitFlow.Contracts.Identity;

[EntityName("studio.created")]
public sealed record StudioCreated(Guid StudioId, Guid OwnerId, string TimeZone, string Currency, string TaxRegion) : Event
{
    protected override Guid About => StudioId;
}
