using FitFlow.Data;
using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Scheduling.Features.Series;

internal static class Series
{
    public static void MapSeries(this IEndpointRouteBuilder routes)
    {
        var series = routes.MapGroup("/bookings/series").InStudio();

        series.MapPost("/preview", PreviewSeries.Handle).Allow(Everyone);
        series.MapPost("/", BookSeries.Handle).Allow(Everyone).Idempotent();
        series.MapGet("/{id:guid}", GetSeries.Handle).Allow(Everyone);
        series.MapPost("/{id:guid}/reschedule", RescheduleSeries.Handle).Allow(Everyone);
        series.MapPost("/{id:guid}/cancel", CancelSeries.Handle).Allow(Everyone);
    }
}
