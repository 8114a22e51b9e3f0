using MassTransit;

namespace FitFlow.Contracts.Identity;

/// <summary>Says what changed by name, and by value what others reckon with: <paramref name="Changed"/> names fields of the studio.</summary>
[EntityName("studio.updated")]
public sealed record StudioUpdated(
    Guid StudioId, IReadOnlyList<string> Changed, string TimeZone, string Currency, string TaxRegion, bool IsActive) : Event
{
    protected override Guid About => StudioId;
}
