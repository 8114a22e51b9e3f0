using System.Text.Json.Serialization;
using FitFlow.Data;
using FitFlow.Identity.Features.Profiles;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Users;

/// Somebody, as far as whoever asks may know: what they may not know is not in the answer at all.
internal sealed record PersonView(Guid Id, string Name, string FirstName, string LastName)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TrainerProfile? TrainerProfile { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Email { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Phone { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Language { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Role? Role { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IsActive { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? CreatedAt { get; init; }

    /// Those of these people who are there, in no order. Who was erased is nobody any more.
    public static Task<IReadOnlyList<Row>> Find(Db db, IReadOnlyCollection<Guid> people, CancellationToken ct) => db.Global().Query<Row>(
        """
        SELECT u.id, u.email, u.role, u.first_name, u.last_name, u.phone, u.language, u.is_active, u.created_at,
            t.user_id AS trainer, t.certifications, t.specializations, t.years_experience, t.rating, t.bio
        FROM users u
        LEFT JOIN trainer_profiles t ON t.user_id = u.id
        WHERE u.id IN @People AND u.erased_at IS NULL
        """, new { people }, ct);

    internal sealed record Row(
        Guid Id, string Email, Role Role, string FirstName, string LastName, string? Phone, string Language, bool IsActive, DateTimeOffset CreatedAt,
        Guid? Trainer, IReadOnlyList<string>? Certifications, IReadOnlyList<string>? Specializations, int? YearsExperience, decimal? Rating, string? Bio)
    {
        public PersonView SeenWith(Sight sight)
        {
            var face = new PersonView(Id, $"{FirstName} {LastName}", FirstName, LastName)
            {
                TrainerProfile = Trainer is null ? null : new TrainerProfile(Certifications!, Specializations!, YearsExperience, Rating, Bio),
            };
            return sight < Sight.Contact
                ? face
                : face with { Email = Email, Phone = Phone, Language = Language, Role = Role, IsActive = IsActive, CreatedAt = CreatedAt };
        }
    }
}
