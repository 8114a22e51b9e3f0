using FitFlow.Hosting.Local.Processes;
using FitFlow.Hosting.Local.Running;

namespace FitFlow.Hosting.Local.Cli;

internal static class Down
{
    /// <summary>Longer than an orderly stop ever takes; after that nobody is asked any more.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<int> Run(Home home, CancellationToken ct)
    {
        var state = RunState.Read(home.StateFile);
        var wasUp = state is not null && state.AppHost.IsAlive;
        if (wasUp) await Stop(home, state!.AppHost, ct);
        var left = await Sweeper.SweepLeftovers(home, state?.Sessions ?? [], ct);
        Console.WriteLine(wasUp ? "FitFlow is down." : left > 0 ? $"FitFlow was down; ended {left} processes that a killed AppHost had left behind." : "FitFlow was down already.");
        return 0;
    }

    public static async Task Stop(Home home, ProcessIdentity appHost, CancellationToken ct)
    {
        Signal.Send(appHost.Pid, Signal.Terminate);
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (appHost.IsAlive)
        {
            if (Environment.TickCount64 > deadline) Signal.Send(appHost.Pid, Signal.Kill);
            await Task.Delay(20, ct);
        }

        await Sweeper.SweepLeftovers(home, RunState.Read(home.StateFile)?.Sessions ?? [], ct);
    }
}
