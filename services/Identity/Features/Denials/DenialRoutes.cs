using FitFlow.ServiceDefaults;
using FitFlow.ServiceDefaults.Tokens;

namespace FitFlow.Identity.Features.Denials;

internal static class DenialRoutes
{
    public static void AddDenials(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Denials>();
        builder.Services.AddSingleton<IDenials>(services => services.GetRequiredService<Denials>());
        builder.Services.AddHostedService<SweepDenials>();
    }

    /// Beside the API, where the gateway does not reach.
    public static void MapDenials(this IEndpointRouteBuilder routes) => routes.MapGet("/internal/denials", ListDenials.Handle).AllowServices(AccessRules.AnyService);
}
