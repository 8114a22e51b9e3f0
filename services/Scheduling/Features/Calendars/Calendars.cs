using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Scheduling.Features.Calendars;

internal static class Calendars
{
    public static void MapCalendars(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/calendar", ShowCalendar.Handle).InStudio().Allow(Everyone);
        routes.MapGet("/me/calendar", ShowMyCalendar.Handle).Allow(Everyone);
    }
}
