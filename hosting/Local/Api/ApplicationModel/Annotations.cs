namespace Aspire.Hosting.ApplicationModel;

/// <summary>How many copies run.</summary>
public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    /// <summary>The number.</summary>
    public int Replicas { get; } = replicas;
}

/// <summary>What a wait is for.</summary>
public enum WaitType
{
    /// <summary>Until the dependency is healthy.</summary>
    WaitUntilHealthy,

    /// <summary>Until the dependency has ended.</summary>
    WaitForCompletion,

    /// <summary>Until the dependency runs.</summary>
    WaitUntilStarted,
}

/// <summary>A resource that must be there first.</summary>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>The dependency.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>What the wait is for.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>The exit code with which it must end.</summary>
    public int ExitCode { get; } = exitCode;
}

/// <summary>Sets environment variables when the resource is about to start.</summary>
public class EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>What sets them.</summary>
    public Func<EnvironmentCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>The environment variables of a resource that is about to start.</summary>
public class EnvironmentCallbackContext(DistributedApplicationExecutionContext executionContext, IResource resource, Dictionary<string, object>? environmentVariables = null, CancellationToken cancellationToken = default)
{
    /// <summary>Texts and values by name.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables ?? [];

    /// <summary>Whether the application runs or is published.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Ends the wait for values.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;
}

/// <summary>Sets arguments when the resource is about to start.</summary>
public class CommandLineArgsCallbackAnnotation(Func<CommandLineArgsCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>What sets them.</summary>
    public Func<CommandLineArgsCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>The arguments of a resource that is about to start.</summary>
public sealed class CommandLineArgsCallbackContext(IList<object> args, CancellationToken cancellationToken = default)
{
    /// <summary>Texts and values in order.</summary>
    public IList<object> Args { get; } = args;

    /// <summary>Ends the wait for values.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Whether the application runs or is published.</summary>
    public required DistributedApplicationExecutionContext ExecutionContext { get; init; }
}

/// <summary>The image of a container.</summary>
public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    /// <summary>The registry, if it is named.</summary>
    public string? Registry { get; set; }

    /// <summary>The image.</summary>
    public required string Image { get; set; }

    /// <summary>The tag.</summary>
    public string? Tag { get; set; }
}

/// <summary>Where the data of a mount is.</summary>
public enum ContainerMountType
{
    /// <summary>In a folder of the host.</summary>
    BindMount,

    /// <summary>In a volume.</summary>
    Volume,
}

/// <summary>A folder that a container is given.</summary>
public sealed class ContainerMountAnnotation(string? source, string target, ContainerMountType type, bool isReadOnly) : IResourceAnnotation
{
    /// <summary>The folder or volume; a volume may have no name.</summary>
    public string? Source { get; } = source;

    /// <summary>Where the container sees it.</summary>
    public string Target { get; } = target;

    /// <summary>Folder or volume.</summary>
    public ContainerMountType Type { get; } = type;

    /// <summary>Whether the container may only read it.</summary>
    public bool IsReadOnly { get; } = isReadOnly;
}

/// <summary>How long a container lives.</summary>
public enum ContainerLifetime
{
    /// <summary>As long as the application.</summary>
    Session,

    /// <summary>Until it is removed.</summary>
    Persistent,
}

/// <summary>How long a container lives.</summary>
public sealed class ContainerLifetimeAnnotation : IResourceAnnotation
{
    /// <summary>How long.</summary>
    public required ContainerLifetime Lifetime { get; set; }
}

/// <summary>An address of a resource as people see it.</summary>
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    /// <summary>The address.</summary>
    public required string Url { get; set; }

    /// <summary>What to show for it.</summary>
    public string? DisplayText { get; set; }

    /// <summary>The endpoint it leads to.</summary>
    public EndpointReference? Endpoint { get; init; }
}

/// <summary>Where the launch profile of a project is taken from.</summary>
internal sealed record LaunchProfileChoice(string? Name, bool Excluded) : IResourceAnnotation;

/// <summary>A way to see over HTTP whether a resource is healthy.</summary>
internal sealed record HttpHealthCheckAnnotation(string Path, int StatusCode, string? EndpointName) : IResourceAnnotation;

/// <summary>A change to the addresses that people see.</summary>
internal sealed record UrlCallbackAnnotation(string EndpointName, Action<ResourceUrlAnnotation> Callback) : IResourceAnnotation;

/// <summary>How often Redis writes its data to disk.</summary>
internal sealed record RedisPersistenceAnnotation(TimeSpan? Interval, long KeysChangedThreshold) : IResourceAnnotation;

/// <summary>Not written to the manifest.</summary>
internal sealed record ManifestExclusionAnnotation : IResourceAnnotation;

/// <summary>The installation that runs before a JavaScript application.</summary>
internal sealed record NpmInstallAnnotation(string Command, IReadOnlyList<string> Args) : IResourceAnnotation;
