namespace FitFlow.Identity.Features.Profiles;

/// What every member of a studio may know of those who train there.
internal sealed record TrainerProfile(
    IReadOnlyList<string> Certifications, IReadOnlyList<string> Specializations, int? YearsExperience, decimal? Rating, string? Bio)
{
    public static TrainerProfile Empty { get; } = new([], [], null, null, null);
}
