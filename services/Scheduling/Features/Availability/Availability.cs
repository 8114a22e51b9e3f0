using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Scheduling.Features.Availability;

internal static class Availability
{
    public static void AddAvailability(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SlotCache>();
        builder.Services.AddTransient<Givers>();
        builder.Services.AddTransient<Slots>();
        builder.Services.AddTransient<TrainerHours>();
    }

    public static void MapAvailability(this IEndpointRouteBuilder routes)
    {
        var availability = routes.MapGroup("/availability").InStudio();

        availability.MapGet("/", ListSlots.Handle).Allow(Everyone);
        availability.MapGet("/next", ListNextSlots.Handle).Allow(Everyone);

        var trainer = availability.MapGroup("/{trainer_id:guid}");

        trainer.MapGet("/rules", GetRules.Handle).Allow(Admin, GymOwner, Trainer);
        trainer.MapPut("/rules", PutRules.Handle).Allow(Admin, GymOwner, Trainer);
        trainer.MapGet("/exceptions", ListExceptions.Handle).Allow(Admin, GymOwner, Trainer);
        trainer.MapPost("/exceptions", AddException.Handle).Allow(Admin, GymOwner, Trainer);
        trainer.MapDelete("/exceptions/{id:guid}", RemoveException.Handle).Allow(Admin, GymOwner, Trainer);
    }
}
