using System.Diagnostics;

namespace FitFlow.Bench.Hosting;

/// <summary>What is committed here, as a stranger gets it; gone afterwards, with all that it started.</summary>
internal sealed class Clone : IDisposable
{
    private Clone(string folder) => Folder = folder;

    public string Folder { get; }

    public static string Root()
    {
        for (var here = new DirectoryInfo(AppContext.BaseDirectory); here is not null; here = here.Parent)
        {
            if (File.Exists(Path.Combine(here.FullName, "FitFlow.sln"))) return here.FullName;
        }

        throw new InvalidOperationException("This is no checkout of FitFlow: there is no FitFlow.sln above this program.");
    }

    public static async Task<Clone> Of(string root, CancellationToken ct)
    {
        var clone = new Clone(Directory.CreateTempSubdirectory("fitflow-clone-").FullName);
        await Start("git", ["clone", "--quiet", root, clone.Folder], root, ct);
        return clone;
    }

    /// <summary>How many seconds a verb takes.</summary>
    public async Task<double> Time(CancellationToken ct, params string[] verb)
    {
        var started = Stopwatch.GetTimestamp();
        await Start(Path.Combine(Folder, "fitflow"), verb, Folder, ct);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public void Dispose()
    {
        Start(Path.Combine(Folder, "fitflow"), ["down"], Folder, CancellationToken.None).GetAwaiter().GetResult();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task Start(string program, string[] args, string folder, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, args)
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // As for a stranger: nothing of this checkout's own run.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("FITFLOW_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', args)} ended with {process.ExitCode}: {string.Concat(await said)}");
    }
}
