using Aspire.Hosting.ApplicationModel;
using FitFlow.Hosting.Local.Processes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FitFlow.Hosting.Local.Running;

/// <summary>One copy of a resource: what is known of it, and what others can wait for.</summary>
internal sealed class Part(IResource resource, int index, int copies, Action changed)
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _healthy = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IResource Resource => resource;

    public int Index => index;

    public string Name { get; } = copies == 1 ? resource.Name : $"{resource.Name}-{index + 1}";

    /// <summary>The port that this copy listens on, for each endpoint.</summary>
    public Dictionary<EndpointAnnotation, int> Ports { get; } = [];

    public string State { get; private set; } = KnownResourceStates.NotStarted;

    public HealthStatus? Health { get; private set; }

    public string? Reason { get; private set; }

    /// <summary>Why it has failed; it is tried again all the same, and this is null once that has helped.</summary>
    public string? Failure { get; private set; }

    public int? ExitCode { get; private set; }

    public int Restarts { get; private set; }

    public ChildProcess? Process { get; private set; }

    /// <summary>How long it may take to end when it is asked to.</summary>
    public TimeSpan StopGrace { get; private set; }

    public IReadOnlyList<string> Urls { get; set; } = [];

    public Task Started => _started.Task;

    public Task BecameHealthy => _healthy.Task;

    public Task<int> Completed => _completed.Task;

    public Task Stopped => _stopped.Task;

    public bool IsHealthy => Health == HealthStatus.Healthy;

    /// <summary>It serves, or has done what it was to do.</summary>
    public bool IsDone => IsHealthy || State == KnownResourceStates.Finished;

    public void Waits() => Set(KnownResourceStates.Waiting, null);

    public void Starts() => Set(KnownResourceStates.Starting, null);

    public void Runs(ChildProcess process, TimeSpan stopGrace, bool isOneShot)
    {
        (Process, StopGrace) = (process, stopGrace);
        // What runs once and ends has no health.
        Set(KnownResourceStates.Running, isOneShot ? null : HealthStatus.Unhealthy);
        _started.TrySetResult();
    }

    public void Serves()
    {
        (Reason, Failure) = (null, null);
        Set(KnownResourceStates.Running, HealthStatus.Healthy);
        _started.TrySetResult();
        _healthy.TrySetResult();
    }

    public void Ails(string reason)
    {
        Reason = reason;
        Set(State, HealthStatus.Unhealthy);
    }

    public void Crashed(int exitCode, string reason, bool willRestart)
    {
        (ExitCode, Reason) = (exitCode, reason);
        if (willRestart) Restarts++;
        Set(KnownResourceStates.Exited, null);
    }

    public void Failed(string reason, int? exitCode = null)
    {
        (ExitCode, Reason, Failure) = (exitCode, reason, reason);
        Set(KnownResourceStates.FailedToStart, null);
    }

    public void Finished(int exitCode)
    {
        ExitCode = exitCode;
        Set(KnownResourceStates.Finished, null);
        _started.TrySetResult();
        _completed.TrySetResult(exitCode);
    }

    public void Stops()
    {
        if (Process is { Exited.IsCompleted: false }) Set(KnownResourceStates.Stopping, null);
    }

    public void HasStopped()
    {
        if (State != KnownResourceStates.Finished && State != KnownResourceStates.FailedToStart) Set(KnownResourceStates.Exited, null);
        _stopped.TrySetResult();
    }

    public PartState Snapshot() => new(Name, TypeOf(resource), State, Health?.ToString(), Urls,
        Process is { Exited.IsCompleted: false } running ? running.Identity.Pid : null, Process is { Exited.IsCompleted: false } same ? same.Identity.StartTicks : null, Restarts, Reason);

    public CustomResourceSnapshot Event() => new() { ResourceType = TypeOf(resource), State = State, HealthStatus = Health, ExitCode = ExitCode, Reason = Reason };

    private static string TypeOf(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ContainerResource => "Container",
        ExecutableResource => "Executable",
        _ => resource.GetType().Name,
    };

    private void Set(string state, HealthStatus? health)
    {
        (State, Health) = (state, health);
        changed();
    }
}
