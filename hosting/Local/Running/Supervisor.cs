using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using FitFlow.Hosting.Local.Processes;
using FitFlow.Hosting.Local.Servers;

namespace FitFlow.Hosting.Local.Running;

/// <summary>Keeps one part of the application running: starts it, watches its health, starts it again when it crashes.</summary>
internal sealed class Supervisor(Part part, Launcher launcher, Action<string> log, bool isOneShot, Action<string> say)
{
    private static readonly TimeSpan FastPing = TimeSpan.FromMilliseconds(60), SlowPing = TimeSpan.FromSeconds(2), PingTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(250), LongestBackoff = TimeSpan.FromSeconds(30);

    /// <summary>Having served this long, a crash is a new one, not the same again.</summary>
    private static readonly TimeSpan Stable = TimeSpan.FromSeconds(20);

    /// <summary>Having served no longer than this, it has not really served.</summary>
    private static readonly TimeSpan Brief = TimeSpan.FromSeconds(2);

    /// <summary>As long as a slow machine may take from a process's start until it serves.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>As long as a migration of much data may take.</summary>
    private static readonly TimeSpan LongestOneShot = TimeSpan.FromMinutes(10);

    private const int TriesBeforeItFails = 3, AilingPingsBeforeItIsUnhealthy = 3;

    private int _crashesInARow;

    public async Task Run(CancellationToken stop)
    {
        try
        {
            part.Starts();
            var launch = await launcher.Prepare(part, log, stop);
            while (await RunOnce(launch, stop)) await Task.Delay(Backoff(_crashesInARow), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The application stops.
        }
        catch (Exception e) when (e is DistributedApplicationException or IOException or UnauthorizedAccessException)
        {
            Fail($"{part.Name}: {OneLine.Reason(e)}", null);
        }
    }

    /// <summary>From start to end; true when it is to be started again.</summary>
    private async Task<bool> RunOnce(Launch launch, CancellationToken stop)
    {
        part.Starts();
        var child = ChildProcess.Start(launch, launcher.Marker, log);
        part.Runs(child, launch.StopGrace, isOneShot);
        using var watch = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watching = isOneShot ? WatchTheClock(watch.Token) : Watch(launch, watch.Token);
        int exitCode;
        try
        {
            exitCode = await child.Exited.WaitAsync(stop);
        }
        finally
        {
            await watch.CancelAsync();
            await watching;
        }

        // Whoever it leaves behind would hold its port and its data.
        Sweeper.EndSession(child.Identity);
        return Ended(child, exitCode);
    }

    private bool Ended(ChildProcess child, int exitCode)
    {
        if (isOneShot || (exitCode == 0 && part.Resource is ExecutableResource))
        {
            if (isOneShot && exitCode != launcher.ExpectedExitCode(part.Resource)) Fail(Words(child, exitCode), exitCode);
            else part.Finished(exitCode);
            return false;
        }

        var reason = Words(child, exitCode);
        var served = part.IsHealthy;
        _crashesInARow = served && child.Age > Stable ? 1 : _crashesInARow + 1;
        part.Crashed(exitCode, reason, willRestart: true);
        if (_crashesInARow >= TriesBeforeItFails && (!served || child.Age < Brief)) Fail(reason, exitCode);
        else say($"{reason}; it is started again");
        return true;
    }

    private async Task Watch(Launch launch, CancellationToken ct)
    {
        var since = Environment.TickCount64;
        var ailing = 0;
        try
        {
            while (true)
            {
                var missing = await Ask(launch, ct);
                if (missing is null)
                {
                    ailing = 0;
                    if (!part.IsHealthy) part.Serves();
                }
                else if (!part.IsHealthy)
                {
                    var waited = TimeSpan.FromMilliseconds(Environment.TickCount64 - since);
                    if (waited > Patience && part.State != KnownResourceStates.FailedToStart) Fail($"{part.Name} does not serve {waited.TotalSeconds:0} s after its start: {missing}", null);
                }
                else if (++ailing >= AilingPingsBeforeItIsUnhealthy)
                {
                    part.Ails(missing);
                    say($"{part.Name} does not answer: {missing}");
                    since = Environment.TickCount64;
                }

                await Task.Delay(part.IsHealthy && ailing == 0 ? SlowPing : FastPing, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The process has ended, or the application stops.
        }
    }

    private async Task WatchTheClock(CancellationToken ct)
    {
        await Task.Delay(LongestOneShot, ct).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (!ct.IsCancellationRequested) Fail($"{part.Name} has not ended {LongestOneShot.TotalMinutes:0} minutes after its start", null);
    }

    internal static async Task<string?> Ask(Launch launch, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(PingTimeout);
        try
        {
            return await launch.Ping(timeout.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"no answer within {PingTimeout.TotalSeconds:0} s";
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // Whatever a ping has not foreseen is an answer, too: without one, nobody would watch any more.
            return OneLine.Reason(e);
        }
    }

    private void Fail(string reason, int? exitCode)
    {
        part.Failed(reason, exitCode);
        say(reason);
    }

    /// <summary>Twice as long each time, up to a limit.</summary>
    internal static TimeSpan Backoff(int crashesInARow) =>
        TimeSpan.FromMilliseconds(Math.Min(LongestBackoff.TotalMilliseconds, FirstBackoff.TotalMilliseconds * Math.Pow(2, Math.Min(crashesInARow - 1, 10))));

    /// <summary>The exit code and the last words: stack frames say nothing to whoever reads one line.</summary>
    private string Words(ChildProcess child, int exitCode)
    {
        var words = child.LastLines.Where(l => !string.IsNullOrWhiteSpace(l) && !l.TrimStart().StartsWith("at ", StringComparison.Ordinal)).TakeLast(4);
        var signal = exitCode > 128 ? $" (signal {exitCode - 128})" : "";
        var said = OneLine.Squeeze(string.Join(" | ", words));
        return $"{part.Name} ended with exit code {exitCode}{signal}{(said.Length == 0 ? " without a word" : $": {said[^Math.Min(said.Length, 600)..]}")}";
    }
}
