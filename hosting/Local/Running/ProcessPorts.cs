using Aspire.Hosting.ApplicationModel;

namespace FitFlow.Hosting.Local.Running;

/// <summary>
/// While the environment of one copy of a resource is put together: the ports that this copy listens on, and its name.
/// Everything else of a resource is the same for every copy.
/// </summary>
internal static class ProcessPorts
{
    private static readonly AsyncLocal<Copy?> Current = new();

    public static string Instance => Current.Value?.Instance ?? "";

    public static int Of(EndpointAnnotation endpoint) =>
        Current.Value?.Ports.GetValueOrDefault(endpoint) is { } port and not 0 ? port
        : endpoint.TargetPort ?? endpoint.AllocatedEndpoint?.Port ?? throw new InvalidOperationException($"The endpoint '{endpoint.Name}' has no port yet: the application has not started.");

    public static void Use(string instance, IReadOnlyDictionary<EndpointAnnotation, int> ports) => Current.Value = new Copy(instance, ports);

    private sealed record Copy(string Instance, IReadOnlyDictionary<EndpointAnnotation, int> Ports);
}
