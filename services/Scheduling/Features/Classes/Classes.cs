using FitFlow.Data;
using FitFlow.Scheduling.Features.Enrolments;
using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Scheduling.Features.Classes;

internal static class Classes
{
    public static void AddClasses(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ClassRows>();
        builder.Services.AddSingleton<EnrolmentRows>();
        builder.Services.AddSingleton<Line>();
        builder.Services.AddTransient<Newcomer>();
        builder.Services.AddHostedService<TakeTurns>();
    }

    public static void MapClasses(this IEndpointRouteBuilder routes)
    {
        var classes = routes.MapGroup("/classes").InStudio();

        classes.MapPost("/", ScheduleClasses.Handle).Allow(Admin, GymOwner, Trainer).Idempotent();
        classes.MapPost("/preview", PreviewClasses.Handle).Allow(Admin, GymOwner, Trainer);
        classes.MapGet("/", ListClasses.Handle).Allow(Everyone);
        classes.MapGet("/{id:guid}", GetClass.Handle).Allow(Everyone).AllowServices("notifications", "payments", "progress");
        classes.MapPut("/{id:guid}", ChangeClass.Handle).Allow(Admin, GymOwner, Trainer);
        classes.MapPost("/{id:guid}/cancel", CancelClass.Handle).Allow(Admin, GymOwner, Trainer).Idempotent();

        classes.MapPost("/{id:guid}/enrol", EnrolClient.Handle).Allow(Everyone).Idempotent();
        classes.MapPost("/{id:guid}/cancel-enrolment", CancelEnrolment.Handle).Allow(Everyone).Idempotent();
        classes.MapPost("/{id:guid}/accept", AcceptOffer.Handle).Allow(Everyone).Idempotent();
        classes.MapPost("/{id:guid}/decline", DeclineOffer.Handle).Allow(Everyone).Idempotent();
        classes.MapGet("/{id:guid}/roster", GetRoster.Handle).Allow(Admin, GymOwner, Trainer);
        classes.MapPost("/{id:guid}/check-in", CheckIn.Handle).Allow(Admin, GymOwner, Trainer);
    }
}
