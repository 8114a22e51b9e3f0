using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using FitFlow.Hosting.Local.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace FitFlow.Hosting.Local.Running;

/// <summary>Another AppHost runs on this home.</summary>
internal sealed class AlreadyUpException(RunState? state) : DistributedApplicationException("it is up already")
{
    public RunState? State => state;
}

/// <summary>Runs the model as processes of this machine.</summary>
internal sealed class Runner(
    Home home, DistributedApplicationModel model, DistributedApplicationExecutionContext execution, ResourceNotificationService notifications, IConfiguration configuration)
    : IHostedService, IAsyncDisposable
{
    /// <summary>For all together. Whoever is not gone by then is killed: databases are made for it, and people wait no longer than five seconds.</summary>
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(4.2);

    private readonly CancellationTokenSource _stop = new();
    private readonly PortBook _ports = new();
    private readonly Dictionary<IResource, IReadOnlyList<Part>> _parts = [];
    private readonly List<Balancer> _balancers = [];
    private readonly Dictionary<IResource, LogFile> _logs = [];
    private readonly List<Task> _supervisors = [];
    private readonly TaskCompletionSource<string?> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly HashSet<ProcessIdentity> _sessions = [];
    private FileStream? _lock;
    private LogFile? _log;
    private Phase _phase = Phase.Starting;
    private bool _stateIsLost;

    /// <summary>Null when everything serves, otherwise the one reason why not.</summary>
    public Task<string?> Outcome => _outcome.Task;

    /// <summary>Where lines for people go, beside the AppHost's own log.</summary>
    public Action<string> Console { get; set; } = _ => { };

    public IReadOnlyList<PartState> Parts => [.. _parts.Values.SelectMany(p => p).Select(p => p.Snapshot())];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        home.Prepare();
        _lock = FileLock.TryTake(home.LockFile) ?? throw new AlreadyUpException(RunState.Read(home.StateFile));
        _log = new LogFile(home.LogFile("apphost"));
        var left = await Sweeper.SweepLeftovers(home, RunState.Read(home.StateFile)?.Sessions ?? [], cancellationToken);
        if (left > 0) Say($"ended {left} processes that an earlier run had left behind");

        CheckParameters();
        var randomize = bool.TryParse(configuration["DcpPublisher:RandomizePorts"], out var random) && random;
        var allocation = new PortAllocation(_ports, randomize, Say);
        foreach (var resource in model.Resources.Where(r => r is not (ParameterResource or ConnectionStringResource)))
        {
            var copies = resource.GetReplicaCount();
            _parts[resource] = [.. Enumerable.Range(0, copies).Select(i => new Part(resource, i, copies, Changed))];
        }

        // The fixed ports first: none of them must be given away as a random one.
        foreach (var (resource, parts) in _parts.OrderBy(p => p.Key.Annotations.OfType<EndpointAnnotation>().All(e => e.Port is null)))
        {
            foreach (var endpoint in allocation.Allocate(resource, parts))
                _balancers.Add(new Balancer(endpoint.AllocatedEndpoint!.Port, () => [.. parts.Where(p => p.IsHealthy).Select(p => p.Ports[endpoint])]));
            foreach (var part in parts) part.Urls = UrlsOf(resource);
        }

        var servers = new ServerLauncher(execution, home, _ports, Say);
        var launcher = new Launcher(model, execution, home, servers);
        foreach (var part in AllParts()) _supervisors.Add(Task.Run(() => Supervise(part, launcher, servers), CancellationToken.None));
        Changed();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_lock is null || _stop.IsCancellationRequested) return;
        _phase = Phase.Stopping;
        Changed();
        await _stop.CancelAsync();
        using var deadline = new CancellationTokenSource(LongestStop);
        // First nobody starts anything any more; an unpacking that does not hear is left alone.
        await Task.WhenAny(Task.WhenAll(_supervisors), Task.Delay(Timeout.Infinite, deadline.Token));
        await Task.WhenAll(AllParts().Select(part => StopPart(part, deadline.Token)));
        foreach (var balancer in _balancers) await balancer.DisposeAsync();
        // What has left its session is found by the marker; the servers have ended in order already.
        await Sweeper.SweepOwn(home, _sessions, TimeSpan.FromMilliseconds(300), CancellationToken.None);
        _outcome.TrySetResult("it was stopped");
        foreach (var log in _logs.Values) log.Dispose();
        _log?.Dispose();
        _ports.Dispose();
        lock (_gate) File.Delete(home.StateFile);
        await _lock.DisposeAsync();
        _lock = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _ports.Dispose();
        _log?.Dispose();
        if (_lock is not null) await _lock.DisposeAsync();
        _stop.Dispose();
    }

    public void Say(string line)
    {
        _log?.Write(line);
        Console(line);
    }

    private IEnumerable<Part> AllParts() => _parts.Values.SelectMany(p => p);

    private void CheckParameters()
    {
        foreach (var parameter in model.Resources.OfType<ParameterResource>()) _ = parameter.ValueInternal;
    }

    private async Task Supervise(Part part, Launcher launcher, ServerLauncher servers)
    {
        try
        {
            await WaitForDependencies(part);
            if (part.Resource is ContainerResource or ProjectResource or ExecutableResource)
                await new Supervisor(part, launcher, LogOf(part), launcher.IsOneShot(part.Resource), Say).Run(_stop.Token);
            else if (part.Resource is MySqlDatabaseResource database)
                await CreateDatabase(part, database, servers);
            else
                part.Serves();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The application stops.
        }
        catch (Exception e)
        {
            // A flaw of this library: the resource has failed, and the log says where.
            part.Failed($"{part.Name}: {OneLine.Squeeze(e.Message)}");
            _log?.Write(e.ToString());
        }
    }

    private async Task WaitForDependencies(Part part)
    {
        var waits = part.Resource.Annotations.OfType<WaitAnnotation>().ToList();
        if (part.Resource is IResourceWithParent { Parent: var parent }) waits.Add(new WaitAnnotation(parent, WaitType.WaitUntilHealthy));
        if (waits.Count == 0) return;
        part.Waits();
        await Task.WhenAll(waits.Where(w => _parts.ContainsKey(w.Resource)).SelectMany(w => _parts[w.Resource].Select(p => w.WaitType switch
        {
            WaitType.WaitForCompletion => p.Completed,
            WaitType.WaitUntilStarted => p.Started,
            // A copy more or less: one that serves is enough to go on.
            _ => Task.WhenAny(_parts[w.Resource].Select(copy => copy.BecameHealthy)),
        }))).WaitAsync(_stop.Token);
    }

    private async Task CreateDatabase(Part part, MySqlDatabaseResource database, ServerLauncher servers)
    {
        part.Starts();
        try
        {
            await servers.CreateDatabase(database, _stop.Token);
            part.Serves();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            part.Failed($"{part.Name}: {OneLine.Reason(e)}");
        }
    }

    /// <summary>Those that need it go first; those that do not wait for each other go together.</summary>
    private async Task StopPart(Part part, CancellationToken atOnce)
    {
        var dependents = model.Resources.Where(r => r != part.Resource && r.Annotations.OfType<WaitAnnotation>().Any(w => w.Resource == part.Resource));
        await Task.WhenAll(dependents.SelectMany(d => _parts.GetValueOrDefault(d) ?? []).Select(p => p.Stopped));
        part.Stops();
        if (part.Process is { Exited.IsCompleted: false } process) await process.Stop(part.StopGrace, atOnce);
        part.HasStopped();
    }

    private LogFile Log(IResource resource)
    {
        lock (_gate) return _logs.TryGetValue(resource, out var log) ? log : _logs[resource] = new LogFile(home.LogFile(resource.Name));
    }

    private Action<string> LogOf(Part part)
    {
        var log = Log(part.Resource);
        return part.Name == part.Resource.Name ? log.Write : line => log.Write($"[{part.Index + 1}] {line}");
    }

    private static IReadOnlyList<string> UrlsOf(IResource resource)
    {
        var urls = new List<string>();
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            var shown = new ResourceUrlAnnotation { Url = endpoint.AllocatedEndpoint!.UriString, Endpoint = new EndpointReference((IResourceWithEndpoints)resource, endpoint) };
            foreach (var change in resource.Annotations.OfType<UrlCallbackAnnotation>().Where(c => string.Equals(c.EndpointName, endpoint.Name, StringComparison.OrdinalIgnoreCase))) change.Callback(shown);
            urls.Add(Uri.TryCreate(shown.Url, UriKind.Relative, out _) ? endpoint.AllocatedEndpoint!.UriString + shown.Url : shown.Url);
        }

        return urls;
    }

    private void Changed()
    {
        lock (_gate)
        {
            if (_parts.Count == 0 || _lock is null) return;
            var parts = AllParts().ToArray();
            foreach (var part in parts)
            {
                notifications.Publish(new ResourceEvent(part.Resource, part.Name, part.Event()));
                if (part.Process is { } process) _sessions.Add(process.Identity);
            }

            var failure = parts.FirstOrDefault(p => p.Failure is not null)?.Failure;
            if (_phase != Phase.Stopping) _phase = failure is not null ? Phase.Failed : _phase == Phase.Ready || parts.All(p => p.IsDone) ? Phase.Ready : Phase.Starting;
            WriteState(failure);
            if (_phase == Phase.Ready) _outcome.TrySetResult(null);
            else if (_phase == Phase.Failed) _outcome.TrySetResult(failure);
        }
    }

    private void WriteState(string? reason)
    {
        try
        {
            new RunState(ProcessIdentity.Current.Pid, ProcessIdentity.Current.StartTicks, _phase, reason, Parts).Write(home.StateFile);
            _stateIsLost = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What runs goes on; whoever asks sees an old state, so say it, once.
            if (!_stateIsLost) Console($"cannot write {home.StateFile}: {OneLine.Reason(e)}");
            _stateIsLost = true;
        }
    }
}
