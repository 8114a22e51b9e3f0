using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace FitFlow.Hosting.Local.Testing;

/// <summary>
/// Runs an AppHost's own Main for a test: up to its Build(), where it waits while the test says its part, and on to its Run(), where it waits until the
/// test has ended.
/// </summary>
internal sealed class TestingSession
{
    private static readonly AsyncLocal<TestingSession?> Here = new();
    private readonly TaskCompletionSource<TestingBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayBuild = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Assembly _appHost;

    private TestingSession(Assembly appHost) => _appHost = appHost;

    public static TestingSession? Current => Here.Value;

    public Task Ended => _ended.Task;

    public static async Task<TestingBuilder> Begin(Type entryPoint, string[] args, CancellationToken ct)
    {
        var session = new TestingSession(entryPoint.Assembly);
        var main = session._appHost.EntryPoint ?? throw new InvalidOperationException($"{session._appHost.GetName().Name} is no AppHost: it has no entry point.");
        new Thread(() => session.RunMain(main, args)) { IsBackground = true, Name = $"Main of {session._appHost.GetName().Name}" }.Start();
        return await session._builder.Task.WaitAsync(ct);
    }

    public IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new TestingBuilder(options, _appHost, this);

    /// <summary>The AppHost has said everything: now it is the test's turn.</summary>
    public void HandOver(TestingBuilder builder)
    {
        _builder.TrySetResult(builder);
        _mayBuild.Task.GetAwaiter().GetResult();
    }

    public async Task<DistributedApplication> Build(CancellationToken ct)
    {
        _mayBuild.TrySetResult();
        return await _application.Task.WaitAsync(ct);
    }

    public void Built(DistributedApplication application) => _application.TrySetResult(application);

    public void Abandon() => _mayBuild.TrySetException(new OperationCanceledException("The test has ended without building the application."));

    public void End() => _ended.TrySetResult();

    private void RunMain(MethodInfo main, string[] args)
    {
        Here.Value = this;
        try
        {
            var result = main.Invoke(null, main.GetParameters().Length == 0 ? null : [args]);
            if (result is Task task) task.GetAwaiter().GetResult();
            throw new InvalidOperationException($"{_appHost.GetName().Name} has ended without building an application.");
        }
        catch (Exception e)
        {
            // The test hears of it where it waits; when nobody waits any more, the test has ended.
            var cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            _builder.TrySetException(cause);
            _application.TrySetException(cause);
            // A failed task that nobody looks at is no news.
            _ = _builder.Task.Exception;
            _ = _application.Task.Exception;
        }
    }
}
