namespace FitFlow.ServiceDefaults;

/// <summary>A server or service that this request needs does not answer. Becomes a 503 problem with Retry-After.</summary>
public sealed class DependencyDownException(string dependency, Exception? cause = null)
    : Exception($"{dependency} does not answer.", cause)
{
    public string Dependency { get; } = dependency;

    /// <summary>When it is worth trying again, if that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
