using System.Globalization;
using System.Text.Json;
using FitFlow.Data;
using FitFlow.Data.Encryption;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Profiles;

/// A client profile as it lies in the database.
internal sealed record SealedProfile(
    bool HealthClearance, FitnessLevel? FitnessLevel, byte[]? EmergencyContact, byte[]? MedicalInfo, byte[]? DateOfBirth, byte[]? Address)
{
    public const string Contact = "emergency_contact", Medical = "medical_info", Birth = "date_of_birth", Home = "address";

    private const string Table = "client_profiles", BirthFormat = "yyyy-MM-dd";

    public static readonly IReadOnlyList<string> SealedFields = [Contact, Medical, Birth, Home];

    public static readonly IReadOnlyList<EncryptedColumn> Columns =
        [.. SealedFields.Select(field => new EncryptedColumn(Table, field, "owner_id", RowsOf.Person))];

    /// Of the person whose rows the transaction sees.
    public static Task<SealedProfile?> Find(Transaction tx) => tx.QueryOne<SealedProfile>(
        """
        SELECT health_clearance, fitness_level, emergency_contact, medical_info, date_of_birth, address
        FROM client_profiles
        """);

    public static SealedProfile Seal(ClientProfile profile, PersonFields fields, Guid person)
    {
        return new SealedProfile(
            profile.HealthClearance,
            profile.FitnessLevel,
            Sealed(Contact, profile.EmergencyContact is { } contact ? JsonSerializer.Serialize(contact, Json.Options) : null),
            Sealed(Medical, profile.MedicalInfo),
            Sealed(Birth, profile.DateOfBirth?.ToString(BirthFormat, CultureInfo.InvariantCulture)),
            Sealed(Home, profile.Address is { } address ? JsonSerializer.Serialize(address, Json.Options) : null));

        byte[]? Sealed(string field, string? text) => text is null ? null : fields.Encrypt($"{Table}.{field}", person, text);
    }

    public ClientProfile Open(PersonFields fields, Guid person)
    {
        return new ClientProfile(
            HealthClearance,
            FitnessLevel,
            OpenContact(fields, person),
            Text(Medical, MedicalInfo),
            Text(Birth, DateOfBirth) is { } birth ? DateOnly.ParseExact(birth, BirthFormat, CultureInfo.InvariantCulture) : null,
            Text(Home, Address) is { } address ? JsonSerializer.Deserialize<Address>(address, Json.Options) : null);

        string? Text(string field, byte[]? value) => value is null ? null : fields.Decrypt($"{Table}.{field}", person, value);
    }

    public EmergencyContact? OpenContact(PersonFields fields, Guid person) => EmergencyContact is { } value
        ? JsonSerializer.Deserialize<EmergencyContact>(fields.Decrypt($"{Table}.{Contact}", person, value), Json.Options)
        : null;
}
