using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Identity.Features.Users;

internal static class Users
{
    // Those that ask about people when nobody is signed in: consumers and reminders.
    private static readonly string[] Services = ["training", "scheduling", "progress", "notifications", "payments", "messaging", "files", "insights"];

    public static void AddUsers(this WebApplicationBuilder builder) => builder.Services.AddSingleton<CachedPeople>();

    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/users");

        users.MapGet("/", ListUsers.Handle).Allow(Admin, GymOwner);
        users.MapPost("/", CreateUser.Handle).Allow(Admin);
        users.MapGet("/me", GetMe.Handle).Allow(Everyone);
        users.MapPut("/me", PutMe.Handle).Allow(Everyone);
        users.MapGet("/{id:guid}", GetUser.Handle).Allow(Everyone).AllowServices(Services);
        users.MapPost("/batch", GetUsersBatch.Handle).Allow(Everyone).AllowServices(Services);
        users.MapGet("/{id:guid}/role-info", GetRoleInfo.Handle).Allow(Everyone).AllowServices(Services);
        users.MapPut("/{id:guid}/role", PutRole.Handle).Allow(Admin);
        users.MapPost("/{id:guid}/deactivate", DeactivateUser.Handle).Allow(Admin);
        users.MapPost("/{id:guid}/reactivate", ReactivateUser.Handle).Allow(Admin);
    }
}
