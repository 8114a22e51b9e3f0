using FitFlow.Data;
using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Scheduling.Features.Holds;

internal static class Holds
{
    public static void AddHolds(this WebApplicationBuilder builder) => builder.Services.AddHostedService<SweepHolds>();

    public static void MapHolds(this IEndpointRouteBuilder routes)
    {
        var holds = routes.MapGroup("/bookings/holds").InStudio();

        holds.MapPost("/", HoldSlot.Handle).Allow(Everyone).Idempotent();
        holds.MapDelete("/{id:guid}", ReleaseHold.Handle).Allow(Everyone);
    }
}
