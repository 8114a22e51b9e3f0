using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Identity.Features.Coachings;

internal static class Coachings
{
    public static void MapCoachings(this IEndpointRouteBuilder routes)
    {
        var studio = routes.MapGroup("/studios/{studio_id}").InStudio();

        studio.MapGet("/clients", ListClients.Handle).Allow(Admin, GymOwner, Trainer);
        studio.MapPut("/members/{client_id:guid}/trainers/{trainer_id:guid}", AssignTrainer.Handle).Allow(Admin, GymOwner);
        studio.MapDelete("/members/{client_id:guid}/trainers/{trainer_id:guid}", UnassignTrainer.Handle).Allow(Admin, GymOwner);
    }
}
