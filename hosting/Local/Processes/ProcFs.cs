using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace FitFlow.Hosting.Local.Processes;

/// <summary>A process, and no other that the kernel gives the same number later.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProcessIdentity(int Pid, long StartTicks)
{
    public bool IsAlive => ProcFs.Read(Pid) is { IsZombie: false } stat && stat.StartTicks == StartTicks;

    public static ProcessIdentity Current { get; } = Of(Environment.ProcessId)!.Value;

    public static ProcessIdentity? Of(int pid) => ProcFs.Read(pid) is { } stat ? new(pid, stat.StartTicks) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Pid}.{StartTicks}");

    public static ProcessIdentity? Parse(string text) =>
        text.Split('.') is [var pid, var ticks] && int.TryParse(pid, CultureInfo.InvariantCulture, out var p) && long.TryParse(ticks, CultureInfo.InvariantCulture, out var t) ? new(p, t) : null;
}

internal sealed record ProcessStat(int Pid, bool IsZombie, int Session, long StartTicks, long ResidentBytes);

/// <summary>What the kernel says of processes.</summary>
internal static class ProcFs
{
    public static ProcessStat? Read(int pid)
    {
        try
        {
            // pid (name that may hold anything) state ppid pgrp session … starttime is the 22nd field, rss the 24th.
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessStat(pid, fields[0] is "Z" or "X", int.Parse(fields[3], CultureInfo.InvariantCulture), long.Parse(fields[19], CultureInfo.InvariantCulture),
                long.Parse(fields[21], CultureInfo.InvariantCulture) * Environment.SystemPageSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // It has ended, or is none of ours.
        }
    }

    public static IEnumerable<ProcessStat> All() =>
        Directory.EnumerateDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var pid) ? Read(pid) : null).OfType<ProcessStat>();

    /// <summary>A variable of the environment that the process was started with.</summary>
    public static string? Variable(int pid, string name)
    {
        try
        {
            var prefix = $"{name}=";
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/environ")).Split('\0').FirstOrDefault(v => v.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // It has ended, or is none of ours.
        }
    }
}

internal static class Signal
{
    public const int Terminate = 15;
    public const int Kill = 9;

    /// <summary>To one process; false when it is not there any more.</summary>
    public static bool Send(int pid, int signal) => kill(pid, signal) == 0;

    /// <summary>To a process and those of its group.</summary>
    public static bool SendToGroup(int leader, int signal) => kill(-leader, signal) == 0;

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
