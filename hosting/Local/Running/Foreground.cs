using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FitFlow.Hosting.Local.Running;

/// <summary>The AppHost as a person starts it: says what happens, and stops in order on Ctrl-C.</summary>
internal static class Foreground
{
    public static async Task Run(IHost host, CancellationToken ct)
    {
        var runner = host.Services.GetRequiredService<Runner>();
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        runner.Console = line =>
        {
            try
            {
                Console.WriteLine($"  {line}");
            }
            catch (IOException)
            {
                // The terminal is gone, or the disk of the file that it goes to is full: the log has the line, and what runs goes on.
            }
        };
        // A closed terminal is a Ctrl-C as well.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            lifetime.StopApplication();
        });

        var clock = Stopwatch.StartNew();
        try
        {
            await host.StartAsync(ct);
        }
        catch (AlreadyUpException up)
        {
            Report.UpAlready(up.State);
            return;
        }

        var outcome = await Task.WhenAny(runner.Outcome, Stopping(lifetime, ct)) == runner.Outcome ? await runner.Outcome : "";
        if (outcome is null)
        {
            Report.Addresses(runner.Parts);
            Console.WriteLine($"FitFlow is up after {clock.Elapsed.TotalSeconds:0.0} s. Ctrl-C stops it.");
        }
        else if (outcome.Length > 0)
        {
            Console.WriteLine($"FitFlow is not complete: {outcome}");
        }

        await host.WaitForShutdownAsync(ct);
    }

    private static Task Stopping(IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        var stopping = new TaskCompletionSource();
        lifetime.ApplicationStopping.Register(stopping.SetResult);
        ct.Register(() => stopping.TrySetCanceled(ct));
        return stopping.Task;
    }
}

internal static class Report
{
    /// <summary>An error when what is up is not complete.</summary>
    public static void UpAlready(RunState? state)
    {
        if (state is { Phase: Phase.Failed }) throw new LocalHostingException($"it is up already (AppHost {state.AppHostPid}), but not complete: {state.Reason}");
        Console.WriteLine($"FitFlow is up already (AppHost {state?.AppHostPid}).");
        Addresses(state?.Resources ?? []);
    }

    public static void Addresses(IReadOnlyList<PartState> parts)
    {
        var width = parts.Select(p => p.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var part in parts.Where(p => p.Urls.Count > 0))
            Console.WriteLine($"  {part.Name.PadRight(width)}  {string.Join("  ", part.Urls)}");
    }
}
