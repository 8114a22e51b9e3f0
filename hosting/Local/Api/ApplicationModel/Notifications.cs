using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states of a resource.</summary>
public static class KnownResourceStates
{
    /// <summary>It has not been asked to start.</summary>
    public static readonly string NotStarted = nameof(NotStarted);

    /// <summary>It waits for others.</summary>
    public static readonly string Waiting = nameof(Waiting);

    /// <summary>It starts.</summary>
    public static readonly string Starting = nameof(Starting);

    /// <summary>It runs.</summary>
    public static readonly string Running = nameof(Running);

    /// <summary>It could not start.</summary>
    public static readonly string FailedToStart = nameof(FailedToStart);

    /// <summary>It is ending.</summary>
    public static readonly string Stopping = nameof(Stopping);

    /// <summary>It has ended, or crashed.</summary>
    public static readonly string Exited = nameof(Exited);

    /// <summary>It has done what it was to do.</summary>
    public static readonly string Finished = nameof(Finished);

    /// <summary>The states that it does not leave by itself.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}

/// <summary>The name of a state.</summary>
public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    /// <summary>A state by its name.</summary>
    public static implicit operator ResourceStateSnapshot?(string? s) => s is null ? null : new(s, null);
}

/// <summary>What is known of a resource at one time.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>What kind of resource it is.</summary>
    public required string ResourceType { get; init; }

    /// <summary>Its state.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>The exit code, when it has ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Whether it is healthy, when it runs.</summary>
    public HealthStatus? HealthStatus { get; init; }

    internal string? Reason { get; init; }
}

/// <summary>A change of a resource.</summary>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>The copy of it.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>What is known of it now.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}

/// <summary>Tells of every change of every resource.</summary>
public class ResourceNotificationService
{
    private readonly ConcurrentDictionary<string, ResourceEvent> _latest = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<Channel<ResourceEvent>> _watchers = [];
    private readonly Lock _gate = new();

    /// <summary>Every change from now on, after the present state of everything.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>();
        lock (_gate)
        {
            foreach (var known in _latest.Values) channel.Writer.TryWrite(known);
            _watchers.Add(channel);
        }

        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken)) yield return change;
        }
        finally
        {
            lock (_gate) _watchers.Remove(channel);
        }
    }

    /// <summary>Waits until the resource is in a state: running, when none is named.</summary>
    public async Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        await WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits until the resource is in one of some states, and says in which.</summary>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var states = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var seen = await WaitForResourceAsync(resourceName, e => e.Snapshot.State is { } state && states.Contains(state.Text), cancellationToken);
        return seen.Snapshot.State!.Text;
    }

    /// <summary>Waits until something holds of the resource.</summary>
    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        await foreach (var change in WatchAsync(cancellationToken))
        {
            if (string.Equals(change.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(change)) return change;
        }

        throw new OperationCanceledException($"'{resourceName}' was waited for until the application ended.");
    }

    /// <summary>Waits until the resource is healthy; a resource that cannot start ends the wait with its reason.</summary>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
    {
        var seen = await WaitForResourceAsync(resourceName, e => e.Snapshot.HealthStatus == HealthStatus.Healthy || HasFailed(e), cancellationToken);
        return HasFailed(seen) ? throw new DistributedApplicationException(seen.Snapshot.Reason ?? $"'{resourceName}' failed to start.") : seen;
    }

    internal void Publish(ResourceEvent change)
    {
        lock (_gate)
        {
            _latest[change.ResourceId] = change;
            foreach (var watcher in _watchers) watcher.Writer.TryWrite(change);
        }
    }

    private static bool HasFailed(ResourceEvent e) => e.Snapshot.State?.Text == KnownResourceStates.FailedToStart;
}
