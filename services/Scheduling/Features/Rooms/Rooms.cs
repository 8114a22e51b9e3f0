using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Scheduling.Features.Rooms;

internal static class Rooms
{
    public static void MapRooms(this IEndpointRouteBuilder routes)
    {
        var rooms = routes.MapGroup("/rooms").InStudio();

        rooms.MapGet("/", ListRooms.Handle).Allow(Everyone);
        rooms.MapPost("/", AddRoom.Handle).Allow(Admin, GymOwner);
        rooms.MapPut("/{id:guid}", EditRoom.Handle).Allow(Admin, GymOwner);
    }
}
