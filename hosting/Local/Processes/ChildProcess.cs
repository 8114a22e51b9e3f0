using System.Collections;
using System.ComponentModel;
using System.Diagnostics;

namespace FitFlow.Hosting.Local.Processes;

/// <summary>What is needed to start a process and to see that it serves.</summary>
internal sealed record Launch(string FileName, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, string WorkingDirectory)
{
    /// <summary>Null when it serves, otherwise what is missing.</summary>
    public Func<CancellationToken, Task<string?>> Ping { get; init; } = _ => Task.FromResult<string?>(null);

    /// <summary>How long it may take to end when it is asked to; all together never have more than the runner's longest stop.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(3);
}

/// <summary>A process in a session of its own, whose words go to a log.</summary>
internal sealed class ChildProcess
{
    private const int KeptLines = 40;

    /// <summary>What our own start was given and must not reach the children as if it were meant for them.</summary>
    private static readonly string[] NotInherited = ["ASPNETCORE_", "DOTNET_LAUNCH_PROFILE", "DOTNET_ENVIRONMENT", "HTTP_PORTS", "HTTPS_PORTS", "OTEL_", "ConnectionStrings__", "Parameters__", "services__", "VSTEST_", "MSBuild", "FITFLOW_HOME", Sweeper.Variable];

    private readonly long _startedAt = Environment.TickCount64;
    private readonly Queue<string> _lastLines = new();
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ProcessIdentity Identity { get; private set; }

    public TimeSpan Age => TimeSpan.FromMilliseconds(Environment.TickCount64 - _startedAt);

    /// <summary>The exit code, once it has ended; 128 and the signal when it was killed.</summary>
    public Task<int> Exited => _exited.Task;

    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (_lastLines) return [.. _lastLines];
        }
    }

    public static ChildProcess Start(Launch launch, string marker, Action<string> log)
    {
        var start = new ProcessStartInfo(ProgramFile.Find("setsid", null)) { WorkingDirectory = launch.WorkingDirectory, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        start.ArgumentList.Add(ProgramFile.Find(launch.FileName, launch.WorkingDirectory));
        foreach (var argument in launch.Arguments) start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            if (!NotInherited.Any(n => ((string)variable.Key).StartsWith(n, StringComparison.Ordinal))) start.Environment[(string)variable.Key] = (string?)variable.Value;
        foreach (var (name, value) in launch.Environment) start.Environment[name] = value;
        start.Environment[Sweeper.Variable] = marker;

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var child = new ChildProcess();
        // Not Process.WaitForExit: that also waits for whoever has inherited the output.
        process.Exited += (_, _) => child._exited.TrySetResult(process.ExitCode);
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new LocalHostingException($"cannot start {launch.FileName}: {e.Message}");
        }

        child.Identity = ProcessIdentity.Of(process.Id) ?? new(process.Id, long.MaxValue);
        _ = child.Read(process.StandardOutput, log);
        _ = child.Read(process.StandardError, log);
        return child;
    }

    /// <summary>Asks the whole group to end, and ends it after a while. The leader may go before those that do the work.</summary>
    public async Task Stop(TimeSpan grace, CancellationToken atOnce)
    {
        Signal.SendToGroup(Identity.Pid, Signal.Terminate);
        var deadline = Environment.TickCount64 + (long)grace.TotalMilliseconds;
        while (!atOnce.IsCancellationRequested && Environment.TickCount64 < deadline && (!Exited.IsCompleted || Sweeper.IsAnyoneIn(Identity)))
            await Task.WhenAny(Exited.IsCompleted ? Task.Delay(20, CancellationToken.None) : Exited, Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, deadline - Environment.TickCount64)), CancellationToken.None));

        Signal.SendToGroup(Identity.Pid, Signal.Kill);
        Sweeper.EndSession(Identity);
        await Exited;
    }

    private async Task Read(StreamReader reader, Action<string> log)
    {
        var logWorks = true;
        while (await reader.ReadLineAsync() is { } line)
        {
            Keep(line);
            try
            {
                log(line);
                logWorks = true;
            }
            catch (Exception e)
            {
                // Whoever does not read blocks the process that speaks: go on, whatever ails the log.
                if (logWorks) Keep($"(its log fails: {OneLine.Reason(e)})");
                logWorks = false;
            }
        }
    }

    private void Keep(string line)
    {
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > KeptLines) _lastLines.Dequeue();
        }
    }
}

internal static class ProgramFile
{
    /// <summary>The program itself, or one clear line about what is missing.</summary>
    public static string Find(string fileName, string? workingDirectory)
    {
        if (fileName.Contains('/', StringComparison.Ordinal))
        {
            var path = Path.GetFullPath(fileName, workingDirectory ?? Directory.GetCurrentDirectory());
            return File.Exists(path) ? path : throw new LocalHostingException($"{path} does not exist");
        }

        return OnPath(Environment.GetEnvironmentVariable("PATH") ?? "", fileName)
            ?? throw new LocalHostingException($"'{fileName}' is not on PATH; install {Provider(fileName)}");
    }

    public static string? OnPath(string path, string fileName) =>
        path.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(d => Path.Combine(d, fileName)).FirstOrDefault(IsExecutable);

    public static string Dotnet() =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host
        : Environment.ProcessPath is { } self && Path.GetFileName(self) == "dotnet" ? self
        : Find("dotnet", null);

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != UnixFileMode.None;

    private static string Provider(string fileName) => fileName switch
    {
        "node" or "npm" or "npx" => "Node.js 20 or later",
        "dotnet" => "the .NET SDK 10",
        "setsid" => "util-linux",
        _ => "it",
    };
}
