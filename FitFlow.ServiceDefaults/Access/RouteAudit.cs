using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FitFlow.ServiceDefaults;

/// <summary>Reads every route before the first request is taken, and refuses to start if one does not say who may use it.</summary>
internal sealed class RouteAudit : LifecycleService
{
    private IEndpointRouteBuilder? _routes;

    public void Watch(IEndpointRouteBuilder app) => _routes = app;

    public override Task StartingAsync(CancellationToken cancellationToken)
    {
        // Without the pipeline there is no access check either: such a service would be open to everybody.
        if (_routes is null) throw new CannotStartException("The program does not call app.MapFitFlowDefaults() after Build().");

        var flaws = _routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(endpoint => ((endpoint.Metadata.GetMetadata<AccessRule>() ?? AccessRule.Nothing).Flaw, Name: NameOf(endpoint)))
            .Where(found => found.Flaw is not null)
            .Select(found => $"{found.Name} {found.Flaw}")
            .Distinct(StringComparer.Ordinal)
            .ToList();

        return flaws.Count == 0
            ? Task.CompletedTask
            : throw new CannotStartException($"Routes without a proper access rule (Allow, AllowServices or Public): {string.Join("; ", flaws)}");
    }

    private static string NameOf(RouteEndpoint endpoint) =>
        $"{string.Join(',', endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"])} {endpoint.RoutePattern.RawText}";
}

internal static class RouteAudits
{
    public static void AuditRoutes(this WebApplication app) => app.Services.GetRequiredService<RouteAudit>().Watch(app);
}
