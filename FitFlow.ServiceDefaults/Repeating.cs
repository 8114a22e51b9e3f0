using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FitFlow.ServiceDefaults;

/// <summary>
/// Work that a service does by itself again and again, with a pause in between. What goes wrong is said, and the next turn tries again: while a
/// server is away there is nothing else to do, and a fault in one turn must not end all others.
/// </summary>
public abstract partial class Repeating(TimeSpan pause, TimeProvider clock, ILogger log) : BackgroundService
{
    /// <summary>What the pauses are measured by.</summary>
    protected TimeProvider Clock => clock;

    /// <summary>One turn.</summary>
    protected abstract Task Run(CancellationToken ct);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Run(stoppingToken);
            }
            catch (DependencyDownException e)
            {
                LogLater(log, GetType().Name, e.Message);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(log, GetType().Name, e);
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Work} waits: {Reason}")]
    private static partial void LogLater(ILogger log, string work, string reason);

    [LoggerMessage(LogLevel.Error, "{Work} failed, and is tried again")]
    private static partial void LogFailed(ILogger log, string work, Exception e);
}
