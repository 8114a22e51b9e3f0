using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Scheduling.Features.Calendars;

internal static class Calendars
{
    public static void AddCalendars(this WebApplicationBuilder builder)
    {
        builder.Services.AddServiceClient<Languages>("identity", asItself: true);
        builder.Services.AddSingleton<FeedAddress>();
    }

    public static void MapCalendars(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/calendar", ShowCalendar.Handle).InStudio().Allow(Everyone);
        routes.MapGet("/bookings/{id:guid}/ics", AttachBooking.Handle).InStudio().Allow(Everyone).AllowServices("notifications");
        routes.MapGet("/calendar/feeds/{token}.ics", ReadFeed.Handle).Public();

        var mine = routes.MapGroup("/me/calendar");

        mine.MapGet("/", ShowMyCalendar.Handle).Allow(Everyone);
        mine.MapGet("/feed", GetFeed.Handle).Allow(Everyone);
        mine.MapPost("/feed", MakeFeed.Handle).Allow(Everyone);
        mine.MapDelete("/feed", RevokeFeed.Handle).Allow(Everyone);
    }
}
