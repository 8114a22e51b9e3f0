using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;

namespace FitFlow.Gateway.Routing;

/// How patient the gateway is with a service: section Clusters, or Clusters:{service} for one of them.
internal sealed class Patience
{
    private const string Section = "Clusters";

    /// Without a byte in either direction. Below the 30 s that a request may take, so that it is known who was slow.
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(25);

    public double BreakerRatio { get; set; } = 0.5;

    public int BreakerCalls { get; set; } = 10;

    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan BreakerOpen { get; set; } = TimeSpan.FromSeconds(30);

    public static Patience With(string service, IConfiguration configuration)
    {
        var patience = new Patience();
        configuration.GetSection(Section).Bind(patience);
        configuration.GetSection($"{Section}:{service}").Bind(patience);
        return patience;
    }
}

/// Where the services are, as the AppHost hands it out; none for one that is not built yet.
internal static class Clusters
{
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    public static IEnumerable<ClusterConfig> All(IConfiguration configuration) => Routes.AllServices.Select(service =>
    {
        var destinations = configuration.GetSection($"services:{service}:http").GetChildren()
            .Where(address => Uri.TryCreate(address.Value, UriKind.Absolute, out _)) // What is no address stops the start elsewhere, in one line.
            .ToDictionary(address => address.Key, address => new DestinationConfig { Address = address.Value! }, StringComparer.Ordinal);
        return new ClusterConfig
        {
            ClusterId = service,
            LoadBalancingPolicy = "PowerOfTwoChoices",
            Destinations = destinations,
            HealthCheck = HealthOf(destinations.Count),
            HttpRequest = new() { ActivityTimeout = Patience.With(service, configuration).Timeout },
        };
    });

    /// Of several, the one that fails is left alone for a while. Of one there is no choice: the breaker decides whether to ask it.
    private static HealthCheckConfig? HealthOf(int destinations) => destinations < 2 ? null : new HealthCheckConfig
    {
        AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
        Active = new() { Enabled = true, Path = "/health/ready", Interval = ProbeEvery, Timeout = ProbePatience, Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures },
        Passive = new() { Enabled = true, Policy = HealthCheckConstants.PassivePolicy.TransportFailureRate, ReactivationPeriod = Rest },
    };
}
