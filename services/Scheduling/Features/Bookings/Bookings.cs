using FitFlow.Data;
using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Scheduling.Features.Bookings;

internal static class Bookings
{
    public static void AddBookings(this WebApplicationBuilder builder)
    {
        builder.Services.AddTransient<Participants>();
        builder.Services.AddSingleton<Places>();
        builder.Services.AddSingleton<BookingRows>();
    }

    public static void MapBookings(this IEndpointRouteBuilder routes)
    {
        var bookings = routes.MapGroup("/bookings").InStudio();

        bookings.MapPost("/", BookSession.Handle).Allow(Everyone).Idempotent();
        bookings.MapGet("/", ListBookings.Handle).Allow(Everyone);
        bookings.MapGet("/{id:guid}", GetBooking.Handle).Allow(Everyone).AllowServices("progress", "notifications", "payments");
        bookings.MapPost("/{id:guid}/reschedule", RescheduleBooking.Handle).Allow(Everyone).Idempotent();
        bookings.MapPost("/{id:guid}/cancel", CancelBooking.Handle).Allow(Everyone).Idempotent();
        bookings.MapMethods("/{id:guid}/complete", ["POST", "PUT"], CompleteBooking.Handle).Allow(Admin, GymOwner, Trainer);
        bookings.MapPost("/{id:guid}/no-show", MarkNoShow.Handle).Allow(Admin, GymOwner, Trainer);

        routes.MapGet("/me/bookings", ListMyBookings.Handle).Allow(Everyone);
    }
}
