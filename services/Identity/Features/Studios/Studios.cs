using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Identity.Features.Studios;

internal static class Studios
{
    public static void MapStudios(this IEndpointRouteBuilder routes)
    {
        var studios = routes.MapGroup("/studios");

        studios.MapPost("/", OpenStudio.Handle).Allow(Everyone);
        studios.MapGet("/", ListStudios.Handle).Allow(Everyone);

        var studio = studios.MapGroup("/{studio_id}").InStudio();

        studio.MapGet("/", GetStudio.Handle).Allow(Everyone);
        studio.MapPut("/", EditStudio.Handle).Allow(Admin, GymOwner);
    }
}
