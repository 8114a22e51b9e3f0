using System.Diagnostics;
using FitFlow.Hosting.Local.Processes;
using FitFlow.Hosting.Local.Running;

namespace FitFlow.Hosting.Local.Cli;

internal static class Up
{
    public static async Task<int> Detached(Home home, string appHost, string[] args, CancellationToken ct)
    {
        if (!File.Exists(appHost)) throw new LocalHostingException($"{appHost} does not exist; build it first: dotnet build FitFlow.AppHost");
        home.Prepare();
        if (RunState.Read(home.StateFile) is { } running && running.AppHost.IsAlive)
        {
            Report.UpAlready(running);
            return 0;
        }

        var clock = Stopwatch.StartNew();
        using var process = Start(home, Path.GetFullPath(appHost), args);
        var identity = ProcessIdentity.Of(process.Id);
        try
        {
            while (true)
            {
                await Task.Delay(50, ct);
                var state = RunState.Read(home.StateFile);
                if (state is not null && state.AppHost == identity)
                {
                    if (state.Phase == Phase.Ready)
                    {
                        Report.Addresses(state.Resources);
                        Console.WriteLine($"FitFlow is up after {clock.Elapsed.TotalSeconds:0.0} s. Stop it with: ./fitflow down");
                        return 0;
                    }

                    if (state.Phase == Phase.Failed)
                    {
                        await Down.Stop(home, state.AppHost, CancellationToken.None);
                        throw new LocalHostingException(state.Reason ?? "it did not start");
                    }
                }

                if (process.HasExited) throw new LocalHostingException(LastWord(home));
            }
        }
        catch (OperationCanceledException)
        {
            if (identity is { } started) await Down.Stop(home, started, CancellationToken.None);
            throw;
        }
    }

    private static Process Start(Home home, string appHost, string[] args)
    {
        // The shell puts the output into a file, which a program cannot do for its child without staying with it.
        var start = new ProcessStartInfo(ProgramFile.Find("setsid", null)) { UseShellExecute = false };
        string[] command = ["/bin/sh", "-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", home.StartLog, ProgramFile.Dotnet(), appHost, .. args];
        foreach (var argument in command) start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new LocalHostingException("the AppHost cannot be started");
    }

    private static string LastWord(Home home)
    {
        var last = File.Exists(home.StartLog) ? File.ReadLines(home.StartLog).LastOrDefault(l => !string.IsNullOrWhiteSpace(l)) : null;
        const string prefix = "fitflow: ";
        return last is null ? "the AppHost ended without a word" : last.StartsWith(prefix, StringComparison.Ordinal) ? last[prefix.Length..] : $"the AppHost ended: {last} (more in {home.StartLog})";
    }
}
