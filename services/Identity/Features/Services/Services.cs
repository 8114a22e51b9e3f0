using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Services;

internal static class Services
{
    public static void AddServiceSecrets(this WebApplicationBuilder builder) => builder.Services.AddSingleton<ServiceSecrets>();

    /// Public, since whoever asks has no token yet; the gateway does not let it through.
    public static void MapServices(this IEndpointRouteBuilder routes) => routes.MapPost("/auth/service-token", IssueServiceToken.Handle).Public();
}
