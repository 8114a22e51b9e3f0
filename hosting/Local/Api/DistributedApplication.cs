using Aspire.Hosting.ApplicationModel;
using FitFlow.Hosting.Local;
using FitFlow.Hosting.Local.Manifest;
using FitFlow.Hosting.Local.Running;
using FitFlow.Hosting.Local.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>An application of several parts.</summary>
public class DistributedApplication(IHost host) : IHost, IAsyncDisposable
{
    /// <summary>The services of the AppHost.</summary>
    public IServiceProvider Services => host.Services;

    /// <summary>Tells of every change of every resource.</summary>
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    private bool _disposed;

    internal TestingSession? Session { get; init; }

    internal Action? Afterwards { get; init; }

    /// <summary>Puts an application together.</summary>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>Puts an application together, from the arguments of the AppHost.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(new DistributedApplicationOptions { Args = args });

    /// <summary>Puts an application together, from options.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) =>
        TestingSession.Current is { } session ? session.CreateBuilder(options) : new DistributedApplicationBuilder(options);

    /// <summary>Runs until it is stopped.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs until it is stopped; what is wrong is said in one line, and the exit code is 1.</summary>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (Session is not null)
        {
            // The AppHost's own Run() in a test: the test runs it.
            await Session.Ended;
            return;
        }

        try
        {
            if (Services.GetRequiredService<DistributedApplicationExecutionContext>().IsPublishMode)
                await ManifestPublisher.Publish(Services, cancellationToken);
            else
                await Foreground.Run(host, cancellationToken);
        }
        catch (Exception e) when (OneLine.Of(e) is { } line)
        {
            await Console.Error.WriteLineAsync($"fitflow: {line}");
            Environment.ExitCode = 1;
        }
        finally
        {
            await DisposeAsync();
        }
    }

    /// <summary>Starts it and returns.</summary>
    public virtual Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

    /// <summary>Stops it.</summary>
    public virtual Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await Services.GetRequiredService<Runner>().DisposeAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
        Afterwards?.Invoke();
        Session?.End();
        GC.SuppressFinalize(this);
    }
}
