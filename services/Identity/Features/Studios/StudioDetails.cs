using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using NodaTime;

namespace FitFlow.Identity.Features.Studios;

/// What an owner says of a studio, the same whether it is opened or edited.
internal record StudioDetails : IValidatableObject
{
    private static readonly HashSet<string> Zones = [.. DateTimeZoneProviders.Tzdb.Ids];

    [Required, StringLength(120), OneLine]
    public required string Name { get; init; }

    [StringLength(2_000)]
    public string? Description { get; init; }

    public StudioAddress? Address { get; init; }

    [RegularExpression(@"\+?[0-9][0-9 ().\-]{4,28}", ErrorMessage = "is no telephone number")]
    public string? Phone { get; init; }

    [EmailAddress, StringLength(254), OneLine]
    public string? Email { get; init; }

    [Required, StringLength(64)]
    public required string TimeZone { get; init; }

    [Required, AllowedValues("CAD", "USD", ErrorMessage = "is CAD or USD")]
    public required string Currency { get; init; }

    [Required, StringLength(6)]
    public required string TaxRegion { get; init; }

    [MaxLength(42)]
    public IReadOnlyList<Hours> OpeningHours { get; init; } = [];

    [MaxLength(50)]
    public IReadOnlyList<string> Amenities { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Zones.Contains(TimeZone)) yield return new("is no IANA time zone, such as America/Toronto", [nameof(TimeZone)]);
        if (!TaxRegions.Contains(TaxRegion)) yield return new("is no province or state, such as CA-QC or US-NY", [nameof(TaxRegion)]);
        if (Hours.Overlap(OpeningHours)) yield return new("overlap", [nameof(OpeningHours)]);
        if (Amenities.Any(amenity => amenity.Length > 60 || string.IsNullOrWhiteSpace(amenity) || !OneLineAttribute.Holds(amenity)))
            yield return new("are one line of 1 to 60 characters each", [nameof(Amenities)]);
    }

    /// The row's columns, beside the studio's id.
    public object Row(Guid id, bool isActive, DateTimeOffset now) => new
    {
        Id = id,
        Name = Name.Trim(),
        Description,
        Address,
        Phone,
        Email,
        TimeZone,
        Currency,
        TaxRegion,
        OpeningHours = Sql.Json(OpeningHours),
        Amenities = Sql.Json(Amenities.Select(amenity => amenity.Trim()).Distinct(StringComparer.Ordinal)),
        IsActive = isActive,
        Now = now,
    };
}

internal sealed record StudioAddress(
    [Required, StringLength(200)] string Street,
    [Required, StringLength(100)] string City,
    [StringLength(100)] string? Region,
    [Required, StringLength(16)] string PostalCode,
    [Required, RegularExpression("[A-Z]{2}", ErrorMessage = "is two capital letters, as in ISO 3166")] string Country);
