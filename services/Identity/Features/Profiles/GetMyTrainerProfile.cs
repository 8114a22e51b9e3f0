using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Profiles;

internal static class GetMyTrainerProfile
{
    public static async Task<Ok<TrainerProfile>> Handle(Caller caller, Db db, CancellationToken ct)
    {
        var profile = await db.Global().QueryOne<TrainerProfile>(
            """
            SELECT certifications, specializations, years_experience, rating, bio
            FROM trainer_profiles
            WHERE user_id = @Id
            """, new { caller.Id }, ct);

        return TypedResults.Ok(profile ?? TrainerProfile.Empty);
    }
}
