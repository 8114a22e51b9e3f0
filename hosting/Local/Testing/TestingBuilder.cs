using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace FitFlow.Hosting.Local.Testing;

/// <summary>An AppHost's builder in a test: random ports, a home of its own that is gone afterwards.</summary>
internal sealed class TestingBuilder : DistributedApplicationBuilder, IDistributedApplicationTestingBuilder
{
    private readonly TestingSession? _session;
    private readonly TestHome _testHome;
    private bool _handedOver;

    public TestingBuilder(DistributedApplicationOptions options, Assembly? appHost, TestingSession? session) : this(options, appHost, session, TestHome.New())
    {
    }

    private TestingBuilder(DistributedApplicationOptions options, Assembly? appHost, TestingSession? session, TestHome home)
        : base(options, appHost, Home.At(home.Root, AppContext.BaseDirectory))
    {
        (_session, _testHome) = (session, home);
        Configuration["DcpPublisher:RandomizePorts"] ??= bool.TrueString;
    }

    /// <summary>The AppHost's own call waits here for the test; the test's builds.</summary>
    public override DistributedApplication Build()
    {
        if (_session is null) return BuildNow();
        if (_handedOver) return BuildAsync(CancellationToken.None).GetAwaiter().GetResult();
        _handedOver = true;
        _session.HandOver(this);
        var application = BuildNow();
        _session.Built(application);
        return application;
    }

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) =>
        _session is null ? Task.FromResult(BuildNow()) : _session.Build(cancellationToken);

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public ValueTask DisposeAsync()
    {
        _session?.Abandon();
        return ValueTask.CompletedTask;
    }

    private DistributedApplication BuildNow() => BuildWith(_session, _testHome.Delete);
}

/// <summary>A home for one test, named for the process that uses it: the next test run removes what a crashed one has left.</summary>
internal sealed record TestHome(string Root)
{
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"fitflow-tests-{Environment.UserName}");
    private static int _number;
    private static Task? _swept;

    public static TestHome New()
    {
        // Once a process, before its first application starts.
        LazyInitializer.EnsureInitialized(ref _swept, Sweep).GetAwaiter().GetResult();
        return new TestHome(Path.Combine(Folder, $"{Processes.ProcessIdentity.Current}-{Interlocked.Increment(ref _number)}"));
    }

    public void Delete() => Remove(Root);

    internal static async Task Sweep()
    {
        if (!Directory.Exists(Folder)) return;
        foreach (var root in Directory.EnumerateDirectories(Folder))
        {
            if (Processes.ProcessIdentity.Parse(Path.GetFileName(root).Split('-')[0]) is not { IsAlive: false }) continue;
            var home = Home.At(root, root);
            await Processes.Sweeper.SweepLeftovers(home, Running.RunState.Read(home.StateFile)?.Sessions ?? [], CancellationToken.None);
            Remove(root);
        }
    }

    private static void Remove(string root)
    {
        try
        {
            if (Directory.Exists(root)) Directory.Delete(root, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another test run sweeps at the same time.
        }
    }
}
