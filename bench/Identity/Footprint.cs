using System.Diagnostics;

namespace FitFlow.Bench.Identity;

/// <summary>What a service of this run costs the machine.</summary>
internal sealed class Footprint
{
    private readonly Process _process;

    private Footprint(Process process) => _process = process;

    public double Megabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / (1024.0 * 1024);
        }
    }

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
