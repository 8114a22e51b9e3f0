using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Scheduling.Features.SessionTypes;

internal static class SessionTypes
{
    public static void MapSessionTypes(this IEndpointRouteBuilder routes)
    {
        var types = routes.MapGroup("/session-types").InStudio();

        types.MapGet("/", ListSessionTypes.Handle).Allow(Everyone);
        types.MapPost("/", AddSessionType.Handle).Allow(Admin, GymOwner);
        types.MapPut("/{id:guid}", EditSessionType.Handle).Allow(Admin, GymOwner);
    }
}
