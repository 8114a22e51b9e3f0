using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Scheduling.Features.Policies;

internal static class Policies
{
    public static void MapPolicies(this IEndpointRouteBuilder routes)
    {
        var policies = routes.MapGroup("/policies").InStudio();

        policies.MapGet("/", GetPolicy.Handle).Allow(Everyone);
        policies.MapPut("/", PutPolicy.Handle).Allow(Admin, GymOwner);
    }
}
