using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Sessions;

internal static class Sessions
{
    public static void AddSessions(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SessionRows>();
        builder.Services.AddHostedService<SweepSessions>();
    }

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/auth");

        auth.MapPost("/refresh", Refresh.Handle).Public();
    }
}
