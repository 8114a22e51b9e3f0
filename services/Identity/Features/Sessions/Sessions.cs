using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Identity.Features.Sessions;

internal static class Sessions
{
    public static void AddSessions(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SessionRows>();
        builder.Services.AddSingleton<BrowserSessions>();
        builder.Services.AddHostedService<SweepSessions>();
    }

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/auth");

        auth.MapPost("/refresh", Refresh.Handle).Public();
        auth.MapPost("/logout", Logout.Handle).Public();
        auth.MapPost("/logout-everywhere", LogoutEverywhere.Handle).Allow(Everyone);
        auth.MapGet("/sessions", ListSessions.Handle).Allow(Everyone);
        auth.MapDelete("/sessions/{id:guid}", RevokeSession.Handle).Allow(Everyone);
    }
}
