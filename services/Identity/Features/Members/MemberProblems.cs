using System.ComponentModel.DataAnnotations;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Members;

internal static class MemberProblems
{
    public static ProblemHttpResult NotAnOwner() => Problems.Forbidden("members.not_an_owner", "Only those who run the studio may do this.");

    public static ProblemHttpResult Unknown() => Problems.NotFound("members.unknown", "Nobody of this studio has this id.");

    public static ProblemHttpResult LastOwner() =>
        Problems.Conflict("members.last_owner", "This is the studio's only owner. Make somebody else one first.");

    public static ProblemHttpResult NoRoom() => Problems.Conflict(
        "members.too_many_studios", $"Nobody belongs to more than {Memberships.MostStudios} studios. Leave one first.", ("limit", Memberships.MostStudios));

    /// What is wrong with a list of roles to hold in a studio.
    public static IEnumerable<ValidationResult> Of(IReadOnlyList<Role> roles)
    {
        if (roles.Contains(Role.Admin)) yield return new("are gym_owner, trainer and client: nobody is admin of a studio", ["Roles"]);
    }
}
