using Aspire.Hosting.ApplicationModel;
using FitFlow.Hosting.Local.Processes;

namespace FitFlow.Hosting.Local.Running;

/// <summary>Gives every endpoint its port before anything starts, so that everything can be told where everything else is.</summary>
internal sealed class PortAllocation(PortBook book, bool randomize, Action<string> say)
{
    private const int Nearby = 50;

    /// <summary>Allocates the ports of a resource and of its copies. Gives the endpoints that need a balancer before the copies.</summary>
    public IReadOnlyList<EndpointAnnotation> Allocate(IResource resource, IReadOnlyList<Part> copies)
    {
        var balanced = new List<EndpointAnnotation>();
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            // The port inside a container is nothing to a process that stands in for it.
            var inside = resource is ContainerResource ? null : endpoint.TargetPort;
            var fixedPort = endpoint.Port ?? (endpoint.IsProxied ? null : inside);
            var port = Exposed(resource, endpoint, fixedPort);
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, endpoint.UriScheme is "http" or "https" ? "localhost" : "127.0.0.1", port);

            if (copies.Count == 1 && (inside is null || inside == port || !endpoint.IsProxied))
            {
                copies[0].Ports[endpoint] = port;
                continue;
            }

            if (inside is not null && copies.Count > 1)
                throw new LocalHostingException($"{resource.Name} runs {copies.Count} times and cannot listen on port {inside} each time; leave targetPort out");
            foreach (var copy in copies) copy.Ports[endpoint] = inside ?? book.Any();
            balanced.Add(endpoint);
        }

        return balanced;
    }

    private int Exposed(IResource resource, EndpointAnnotation endpoint, int? wanted)
    {
        if (wanted is not { } port || randomize) return book.Any();
        if (book.TryClaim(port)) return port;
        if (!endpoint.IsProxied) throw new LocalHostingException($"port {port} is taken, and {resource.Name} needs that very port; end what listens there");
        for (var near = port + 1; near <= port + Nearby; near++)
        {
            if (!book.TryClaim(near)) continue;
            say($"port {port} is taken: {resource.Name} listens on {near} instead");
            return near;
        }

        throw new LocalHostingException($"port {port} for {resource.Name} is taken, and so are the {Nearby} after it");
    }
}
