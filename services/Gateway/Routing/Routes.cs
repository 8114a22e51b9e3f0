using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

namespace FitFlow.Gateway;

/// Which service answers which part of the API.
internal static class Routes
{
    private sealed record Prefix(string Path, string Service, bool Public = false);

    private static readonly Prefix[] Table =
    [
        new("auth", "identity", Public: true),
        new("users", "identity"),
        new("studios", "identity"),
        new("invitations", "identity"),
    ];

    public static IEnumerable<RouteConfig> All() =>
        from prefix in Table
        from root in new[] { "/api/v1", "/api" }
        select new RouteConfig
        {
            RouteId = $"{root}/{prefix.Path}",
            ClusterId = prefix.Service,
            Match = new RouteMatch { Path = $"{root}/{prefix.Path}/{{**rest}}" },
        }
        .WithTransformPathRouteValues($"/api/v1/{prefix.Path}/{{**rest}}");

    public static bool IsPublic(RouteConfig route) => Table.Single(prefix => route.Match.Path!.EndsWith($"/{prefix.Path}/{{**rest}}", StringComparison.Ordinal)).Public;

    public static IEnumerable<ClusterConfig> Clusters(IConfiguration configuration) =>
        from service in Table.Select(prefix => prefix.Service).Distinct()
        select new ClusterConfig
        {
            ClusterId = service,
            LoadBalancingPolicy = "PowerOfTwoChoices",
            Destinations = configuration.GetSection($"services:{service}:http").GetChildren().ToDictionary(
                address => address.Key, address => new DestinationConfig { Address = address.Value! }, StringComparer.Ordinal),
            HttpRequest = new() { ActivityTimeout = TimeSpan.FromSeconds(30) },
        };
}
