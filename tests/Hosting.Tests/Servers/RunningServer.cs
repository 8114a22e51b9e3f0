using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FitFlow.Hosting.Local.Processes;
using FitFlow.Hosting.Local.Servers;

namespace FitFlow.Hosting.Tests.Servers;

/// <summary>A prepared server as a process, the way the runner runs it: output read, stopped by SIGTERM.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly Launch _server;
    private readonly Process _process;
    private readonly List<string> _log = [];

    private RunningServer(Launch server)
    {
        _server = server;
        var start = new ProcessStartInfo(server.FileName, server.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = server.WorkingDirectory,
        };
        foreach (var (name, value) in server.Environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Pid => _process.Id;

    public static async Task<RunningServer> Start(Launch server)
    {
        var watch = Stopwatch.StartNew();
        var running = new RunningServer(server);
        try
        {
            await running.Until(answer => answer is null);
            TestContext.Current.TestOutputHelper?.WriteLine($"start to first ping {watch.ElapsedMilliseconds} ms, {running.ResidentMegabytes()} MB: {Path.GetFileName(server.FileName)} in {server.WorkingDirectory}");
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>Pings until the answer is the awaited one, and returns it.</summary>
    public async Task<string?> Until(Func<string?, bool> awaited)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var answer = await _server.Ping(CancellationToken.None);
            if (awaited(answer)) return answer;
            if (_process.HasExited) throw new InvalidOperationException($"It ended with {_process.ExitCode}; its last answer: {answer}\n{Log}");
            if (watch.Elapsed > Patience) throw new TimeoutException($"Its last answer: {answer}\n{Log}");
            await Task.Delay(20);
        }
    }

    /// <summary>SIGTERM, and the wait until it has ended by itself.</summary>
    public async Task Stop()
    {
        var watch = Stopwatch.StartNew();
        await Signal("TERM");
        using var patience = new CancellationTokenSource(_server.StopGrace + TimeSpan.FromSeconds(20));
        await _process.WaitForExitAsync(patience.Token);
        TestContext.Current.TestOutputHelper?.WriteLine($"stopped in {watch.ElapsedMilliseconds} ms: {_server.WorkingDirectory}");
    }

    public async Task Crash()
    {
        await Signal("KILL");
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await Crash();
        _process.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string Log
    {
        get
        {
            lock (_log) return string.Join('\n', _log.TakeLast(40));
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_log) _log.Add(line);
    }

    private long ResidentMegabytes()
    {
        _process.Refresh();
        return _process.WorkingSet64 >> 20;
    }

    private async Task Signal(string name)
    {
        var sent = await Tool.Run("/bin/sh", ["-c", $"kill -{name} {_process.Id}"], CancellationToken.None);
        Assert.True(sent.Succeeded, sent.Complaint);
    }
}
