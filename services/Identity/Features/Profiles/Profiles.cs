using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Identity.Features.Profiles;

internal static class Profiles
{
    public static void AddProfiles(this WebApplicationBuilder builder) => builder.Services.AddHostedService<ReencryptProfiles>();

    public static void MapProfiles(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/users");

        users.MapGet("/me/trainer-profile", GetMyTrainerProfile.Handle).Allow(Admin, GymOwner, Trainer);
        users.MapPut("/me/trainer-profile", PutMyTrainerProfile.Handle).Allow(Admin, GymOwner, Trainer);
        users.MapGet("/me/client-profile", GetMyClientProfile.Handle).Allow(Everyone);
        users.MapPut("/me/client-profile", PutMyClientProfile.Handle).Allow(Everyone);
        users.MapGet("/{id:guid}/client-profile", GetClientProfile.Handle).Allow(Admin, GymOwner, Trainer).InStudio();
    }
}
