using System.ComponentModel.DataAnnotations;
using FitFlow.Identity.Features.Users;

namespace FitFlow.Identity.Features.Profiles;

internal enum FitnessLevel
{
    Beginner,
    Intermediate,
    Advanced,
}

internal sealed record EmergencyContact(
    [Required, StringLength(100)] string Name,
    [Required, StringLength(20), RegularExpression(PhoneNumber.Pattern, ErrorMessage = PhoneNumber.Wrong)] string Phone,
    [StringLength(50)] string? Relation);

internal sealed record Address(
    [Required, StringLength(200)] string Line1,
    [StringLength(200)] string? Line2,
    [Required, StringLength(100)] string City,
    [StringLength(100)] string? Region,
    [StringLength(20)] string? PostalCode,
    [Required, RegularExpression("[A-Z]{2}", ErrorMessage = "is no country's two letters")] string Country);

/// What is known of a person as a client: the first two in the clear, the rest only ever encrypted at rest and shown under audit.
internal sealed record ClientProfile(
    bool HealthClearance, FitnessLevel? FitnessLevel,
    EmergencyContact? EmergencyContact, string? MedicalInfo, DateOnly? DateOfBirth, Address? Address)
{
    public static ClientProfile Empty { get; } = new(HealthClearance: false, null, null, null, null, null);
}
