using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Gateway.Routing;

internal static class Unknown
{
    public static void MapUnknown(this WebApplication app) =>
        app.Map("/api/{version:regex(^v\\d+$)}/{**rest}", SayWhichVersions).Public().ExcludeFromDescription();

    private static ProblemHttpResult SayWhichVersions(string version) => version.Equals(Routes.Version, StringComparison.OrdinalIgnoreCase)
        ? Problems.NotFound()
        : Problems.Of(StatusCodes.Status404NotFound, "api.version_unknown", $"There is no version {version} of this API. There is {Routes.Version}.", ("versions", new[] { Routes.Version }));
}
