using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Identity.Features.Erasure;

internal static class Erasure
{
    public static void AddErasure(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PasswordProof>();
        builder.Services.AddSingleton<StudioTraces>();
        builder.Services.AddSingleton<Erasing>();
    }

    public static void MapErasure(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/users");

        users.MapPost("/me/export", ExportMe.Handle).Allow(Everyone);
        users.MapPost("/me/erase", EraseMe.Handle).Allow(Everyone);
        users.MapPost("/{id:guid}/erase", EraseUser.Handle).Allow(Admin);
    }
}
