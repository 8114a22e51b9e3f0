using System.Globalization;
using System.Net.Sockets;
using FitFlow.Hosting.Local.Running;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A port that a resource listens on.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private string? _transport;

    /// <summary>Describes the port.</summary>
    public EndpointAnnotation(ProtocolType protocol, string? uriScheme = null, string? transport = null, string? name = null, int? port = null, int? targetPort = null, bool? isExternal = null, bool? isProxied = null)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? protocol.ToString().ToLowerInvariant();
        Name = name ?? UriScheme;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsExplicitlyProxied = isProxied;
        _transport = transport;
    }

    /// <summary>TCP or UDP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>Its name, unique in the resource.</summary>
    public string Name { get; set; }

    /// <summary>The port that others use, when it is fixed.</summary>
    public int? Port { get; set; }

    /// <summary>The port that the process itself listens on, when it is fixed.</summary>
    public int? TargetPort { get; set; }

    /// <summary>The scheme of its URL.</summary>
    public string UriScheme { get; set; }

    /// <summary>Where the process listens.</summary>
    public string TargetHost { get; set; } = "localhost";

    /// <summary>http, http2 or tcp.</summary>
    public string Transport
    {
        get => _transport ?? (UriScheme is "http" or "https" ? "http" : Protocol.ToString().ToLowerInvariant());
        set => _transport = value;
    }

    /// <summary>Whether the world may reach it.</summary>
    public bool IsExternal { get; set; }

    /// <summary>What was said about a proxy, if anything.</summary>
    public bool? IsExplicitlyProxied { get; set; }

    /// <summary>Whether a proxy may stand before the process, and so the port may differ.</summary>
    public bool IsProxied
    {
        get => IsExplicitlyProxied ?? true;
        set => IsExplicitlyProxied = value;
    }

    /// <summary>Whether references to the whole resource leave it out.</summary>
    public bool ExcludeReferenceEndpoint { get; set; }

    /// <summary>Whether it speaks TLS.</summary>
    public bool TlsEnabled { get; set; }

    /// <summary>Where it listens in this run.</summary>
    public AllocatedEndpoint? AllocatedEndpoint { get; set; }

    internal bool FromLaunchProfile { get; set; }
}

/// <summary>Where an endpoint listens in this run.</summary>
public class AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port)
{
    /// <summary>The endpoint.</summary>
    public EndpointAnnotation Endpoint { get; } = endpoint;

    /// <summary>The host.</summary>
    public string Address { get; } = address;

    /// <summary>The port.</summary>
    public int Port { get; } = port;

    /// <summary>The scheme of its URL.</summary>
    public string UriScheme => Endpoint.UriScheme;

    /// <summary>The URL.</summary>
    public string UriString => $"{UriScheme}://{Address}:{Port}";

    /// <inheritdoc/>
    public override string ToString() => UriString;
}

/// <summary>A part of an endpoint's address.</summary>
public enum EndpointProperty
{
    /// <summary>The whole URL.</summary>
    Url,

    /// <summary>The host.</summary>
    Host,

    /// <summary>The host as an IPv4 address.</summary>
    IPV4Host,

    /// <summary>The port that others use.</summary>
    Port,

    /// <summary>The scheme.</summary>
    Scheme,

    /// <summary>The port that the process listens on.</summary>
    TargetPort,

    /// <summary>Host and port.</summary>
    HostAndPort,

    /// <summary>Whether it speaks TLS.</summary>
    TlsEnabled,
}

/// <summary>An endpoint of a resource, by name.</summary>
public class EndpointReference : IExpressionValue, IValueWithReferences
{
    /// <summary>Refers to an endpoint by name; it may be added later.</summary>
    public EndpointReference(IResourceWithEndpoints owner, string endpointName)
    {
        Resource = owner;
        EndpointName = endpointName;
    }

    /// <summary>Refers to an endpoint.</summary>
    public EndpointReference(IResourceWithEndpoints owner, EndpointAnnotation endpoint) : this(owner, endpoint.Name)
    {
    }

    /// <summary>The resource.</summary>
    public IResourceWithEndpoints Resource { get; }

    /// <summary>The name.</summary>
    public string EndpointName { get; }

    /// <summary>The endpoint itself.</summary>
    public EndpointAnnotation EndpointAnnotation => Find()
        ?? throw new InvalidOperationException($"Resource '{Resource.Name}' has no endpoint '{EndpointName}'.");

    /// <summary>Whether there is such an endpoint.</summary>
    public bool Exists => Find() is not null;

    /// <summary>Whether it has a port in this run.</summary>
    public bool IsAllocated => Find()?.AllocatedEndpoint is not null;

    /// <summary>Whether references to the whole resource leave it out.</summary>
    public bool ExcludeReferenceEndpoint => EndpointAnnotation.ExcludeReferenceEndpoint;

    /// <summary>Whether it speaks TLS.</summary>
    public bool TlsEnabled => Find()?.TlsEnabled ?? false;

    /// <summary>Whether its scheme is http.</summary>
    public bool IsHttp => EndpointAnnotation.UriScheme == "http";

    /// <summary>Whether its scheme is https.</summary>
    public bool IsHttps => EndpointAnnotation.UriScheme == "https";

    /// <summary>The scheme.</summary>
    public string Scheme => EndpointAnnotation.UriScheme;

    /// <summary>The host in this run.</summary>
    public string Host => Allocated.Address;

    /// <summary>The port in this run.</summary>
    public int Port => Allocated.Port;

    /// <summary>The port of the process.</summary>
    public int? TargetPort => EndpointAnnotation.TargetPort;

    /// <summary>The URL in this run.</summary>
    public string Url => Allocated.UriString;

    string IManifestExpressionProvider.ValueExpression => GetExpression();

    IEnumerable<object> IValueWithReferences.References => [Resource];

    private AllocatedEndpoint Allocated => EndpointAnnotation.AllocatedEndpoint
        ?? throw new InvalidOperationException($"The endpoint '{EndpointName}' of '{Resource.Name}' has no port yet: the application has not started.");

    /// <summary>A part of the address.</summary>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    /// <summary>One of two texts, by whether the endpoint speaks TLS.</summary>
    public ReferenceExpression GetTlsValue(ReferenceExpression enabledValue, ReferenceExpression disabledValue) =>
        ReferenceExpression.CreateConditional(Property(EndpointProperty.TlsEnabled), bool.TrueString, enabledValue, disabledValue);

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => ((IValueProvider)Property(EndpointProperty.Url)).GetValueAsync(cancellationToken);

    internal string GetExpression(EndpointProperty property = EndpointProperty.Url) => property switch
    {
        EndpointProperty.HostAndPort => $"{GetExpression(EndpointProperty.Host)}:{GetExpression(EndpointProperty.Port)}",
        EndpointProperty.IPV4Host => GetExpression(EndpointProperty.Host),
        EndpointProperty.TargetPort => $"{{{Resource.Name}.bindings.{EndpointName}.targetPort}}",
        EndpointProperty.TlsEnabled => $"{{{Resource.Name}.bindings.{EndpointName}.tlsEnabled}}",
        _ => $"{{{Resource.Name}.bindings.{EndpointName}.{property.ToString().ToLowerInvariant()}}}",
    };

    private EndpointAnnotation? Find() =>
        Resource.Annotations.OfType<EndpointAnnotation>().SingleOrDefault(e => string.Equals(e.Name, EndpointName, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A part of an endpoint's address as a value.</summary>
public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property) : IExpressionValue, IValueWithReferences
{
    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; } = endpointReference;

    /// <summary>The part.</summary>
    public EndpointProperty Property { get; } = property;

    /// <inheritdoc/>
    public string ValueExpression => Endpoint.GetExpression(Property);

    IEnumerable<object> IValueWithReferences.References => [Endpoint];

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => ValueTask.FromResult<string?>(Property switch
    {
        EndpointProperty.Url => Endpoint.Url,
        EndpointProperty.Host => Endpoint.Host,
        EndpointProperty.IPV4Host => "127.0.0.1",
        EndpointProperty.Port => Number(Endpoint.Port),
        EndpointProperty.Scheme => Endpoint.Scheme,
        EndpointProperty.TargetPort => Number(ProcessPorts.Of(Endpoint.EndpointAnnotation)),
        EndpointProperty.HostAndPort => $"{Endpoint.Host}:{Number(Endpoint.Port)}",
        EndpointProperty.TlsEnabled => Endpoint.TlsEnabled ? bool.TrueString : bool.FalseString,
        _ => throw new InvalidOperationException($"An endpoint has no {Property}."),
    });

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
