using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Identity.Features.Users;

internal static class Users
{
    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/users");

        users.MapGet("/me", GetMe.Handle).Allow(Everyone);
    }
}
