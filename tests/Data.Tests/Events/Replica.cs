using System.Diagnostics;
using System.Text.Json;
using FitFlow.Data.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FitFlow.Data.Tests.Events;

/// <summary>
/// A replica as a process of its own, which can die as processes do: this very program, told by its environment to be one. At the step it
/// is told, it kills itself with SIGKILL: nothing is disposed of, flushed or said good-bye to.
/// </summary>
internal sealed class Replica : IAsyncDisposable
{
    private const string Variable = "FITFLOW_EVENTS_REPLICA";

    private readonly Process _process;

    private Replica(Process process) => _process = process;

    public int Pid => _process.Id;

    public static Replica Start(EventWorld world, string? killAt = null, int occurrence = 1)
    {
        var orders = new Orders(world.Service, world.Configuration(), killAt, occurrence);
        var start = new ProcessStartInfo("dotnet", [typeof(Replica).Assembly.Location]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(Replica).Assembly.Location;
        start.Environment[Variable] = JsonSerializer.Serialize(orders);
        return new Replica(Process.Start(start)!);
    }

    /// <summary>Until it killed itself.</summary>
    public async Task Death()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(137, _process.ExitCode);
    }

    public async Task Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Pid}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    public static void Run()
    {
        var orders = JsonSerializer.Deserialize<Orders>(Environment.GetEnvironmentVariable(Variable)!)!;
        var seen = 0;
        var settings = EventWorld.Quick with
        {
            LeaseSeconds = 2,
            Step = step =>
            {
                if (step == orders.KillAt && Interlocked.Increment(ref seen) == orders.Occurrence) Process.GetCurrentProcess().Kill();
            },
        };
        using var host = EventWorld.Build(orders.Service, orders.Configuration, reactions => reactions.Add<Note>(), settings, stumbles: null);
        host.Run();
        Environment.Exit(0);
    }

    private sealed record Orders(string Service, Dictionary<string, string?> Configuration, string? KillAt, int Occurrence);
}
