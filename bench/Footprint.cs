using System.Diagnostics;
using System.Globalization;

namespace FitFlow.Bench;

/// <summary>What a service of this run costs the machine.</summary>
internal sealed class Footprint
{
    private readonly Process _process;

    private Footprint(Process process) => _process = process;

    /// <summary>Its own, and its share of what it has in common with other processes: what the machine would have back without it.</summary>
    public double Megabytes => Of("Pss:");

    /// <summary>All that is in memory for it, the runtime's files that every other .NET process reads too included.</summary>
    public double ResidentMegabytes => Of("Rss:");

    public double CpuMilliseconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalMilliseconds;
        }
    }

    /// <summary>The one that serves at this address.</summary>
    public static Footprint Of(string program, Uri address) => new(Process.GetProcesses().Single(process =>
        Read($"/proc/{process.Id}/cmdline").Contains(program, StringComparison.Ordinal)
        && Read($"/proc/{process.Id}/environ").Contains($":{address.Port}\0", StringComparison.Ordinal)));

    private double Of(string kind) =>
        long.Parse(
            File.ReadLines($"/proc/{_process.Id}/smaps_rollup").First(line => line.StartsWith(kind, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture) / 1024.0;

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // A process that has just ended, or somebody else's.
        }
    }
}
