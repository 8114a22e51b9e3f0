using System.ComponentModel.DataAnnotations;
using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Profiles;

/// The rating is not among what is asked for: others give it.
internal static class PutMyTrainerProfile
{
    private const int MostOfEach = 30, LongestName = 100;

    public sealed record Request(
        [Required, MaxLength(MostOfEach)] IReadOnlyList<string> Certifications,
        [Required, MaxLength(MostOfEach)] IReadOnlyList<string> Specializations,
        [Range(0, 80)] int? YearsExperience,
        [StringLength(2_000)] string? Bio) : IValidatableObject
    {
        public IEnumerable<ValidationResult> Validate(ValidationContext context) =>
        [
            .. Certifications.Where(IsNoName).Take(1).Select(_ => Wrong(nameof(Certifications))),
            .. Specializations.Where(IsNoName).Take(1).Select(_ => Wrong(nameof(Specializations))),
        ];

        private static bool IsNoName(string name) => string.IsNullOrWhiteSpace(name) || name.Length > LongestName;

        private static ValidationResult Wrong(string list) => new($"has an entry that is empty or longer than {LongestName} characters", [list]);
    }

    public static async Task<Results<Ok<TrainerProfile>, ProblemHttpResult>> Handle(
        Request request, Caller caller, Db db, TimeProvider clock, CancellationToken ct)
    {
        var profile = await db.Global().InTransaction(async tx =>
        {
            if (!await People.Lock(tx, caller.Id)) return null;

            var before = await tx.QueryOne<TrainerProfile>(
                """
                SELECT certifications, specializations, years_experience, rating, bio
                FROM trainer_profiles
                WHERE user_id = @Id
                FOR UPDATE
                """, new { caller.Id }) ?? TrainerProfile.Empty;
            var after = new TrainerProfile(Names(request.Certifications), Names(request.Specializations), request.YearsExperience, before.Rating, request.Bio?.Trim());

            await tx.Execute(
                """
                INSERT INTO trainer_profiles (user_id, certifications, specializations, years_experience, bio, updated_at)
                VALUES (@Id, @Certifications, @Specializations, @YearsExperience, @Bio, @Now)
                ON DUPLICATE KEY UPDATE certifications = @Certifications, specializations = @Specializations,
                    years_experience = @YearsExperience, bio = @Bio, updated_at = @Now
                """,
                new
                {
                    caller.Id,
                    Certifications = Sql.Json(after.Certifications),
                    Specializations = Sql.Json(after.Specializations),
                    after.YearsExperience,
                    after.Bio,
                    Now = clock.GetUtcNow(),
                });
            if (Differences(before, after) is { Count: > 0 } changes) tx.Append(new UserUpdated(caller.Id, changes));
            return after;
        }, ct);

        return profile is null ? Problems.NotFound("users.unknown") : TypedResults.Ok(profile);
    }

    private static string[] Names(IReadOnlyList<string> names) => [.. names.Select(name => name.Trim()).Distinct(StringComparer.Ordinal)];

    private static IReadOnlyList<string> Differences(TrainerProfile before, TrainerProfile after) => Changes.Among(
        ("certifications", !before.Certifications.SequenceEqual(after.Certifications)),
        ("specializations", !before.Specializations.SequenceEqual(after.Specializations)),
        ("years_experience", before.YearsExperience != after.YearsExperience),
        ("bio", before.Bio != after.Bio));
}
