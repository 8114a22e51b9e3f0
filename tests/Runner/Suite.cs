using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace FitFlow.Testing.Runner;

/// <summary>One test project, run as the program that it is.</summary>
internal sealed record Suite(string Name, string Program)
{
    /// <summary>The test projects that were built beside this program, the quickest to fail first.</summary>
    public static IEnumerable<Suite> All(Options options)
    {
        var output = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!;
        var configuration = Path.GetFileName(output);
        var bin = Path.GetFullPath(Path.Combine(output, "../.."));

        var all = Directory.EnumerateDirectories(bin, "FitFlow.*.Tests")
            .Select(folder => Path.GetFileName(folder))
            .Select(name => new Suite(name, Path.Combine(bin, name, configuration, name)))
            .Where(suite => File.Exists(suite.Program))
            .OrderBy(suite => suite.Name == "FitFlow.EndToEnd.Tests")
            .ThenBy(suite => suite.Name, StringComparer.Ordinal)
            .ToList();

        var named = all.Where(suite => suite.Name.Equals(options.Filter, StringComparison.OrdinalIgnoreCase)
            || suite.Name.Equals($"FitFlow.{options.Filter}", StringComparison.OrdinalIgnoreCase)).ToList();
        return named.Count > 0 ? named : all;
    }

    public async Task<Tally> Run(Options options, IReadOnlyDictionary<string, string> environment)
    {
        var report = Path.Combine(Path.GetTempPath(), $"fitflow-{Environment.ProcessId}-{Name}.json");
        var start = new ProcessStartInfo(Program) { ArgumentList = { "-noLogo", "-noColor", "-ctrf", report } };
        if (options.Quick)
        {
            Add("-trait-", "speed=slow");
        }

        if (options.Filter is { } filter && !Name.EndsWith(filter, StringComparison.OrdinalIgnoreCase))
        {
            Add("-method", $"*{filter}*");
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        Console.WriteLine();
        Console.WriteLine($"── {Name}");
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        var tally = Read(report, process.ExitCode);
        Console.WriteLine($"   {Name}: {tally} in {clock.Elapsed.TotalSeconds:0} s");
        return tally;

        void Add(string option, string value)
        {
            start.ArgumentList.Add(option);
            start.ArgumentList.Add(value);
        }
    }

    private Tally Read(string report, int exitCode)
    {
        if (!File.Exists(report))
        {
            Console.WriteLine($"   {Name} ended with {exitCode} and without a report: counted as one failure.");
            return new(0, 1);
        }

        using var json = JsonDocument.Parse(File.ReadAllText(report));
        File.Delete(report);
        var summary = json.RootElement.GetProperty("results").GetProperty("summary");
        var failed = summary.GetProperty("failed").GetInt32();

        // A project that fails outside its tests (a fixture, a crash at the end) must not look green.
        return new(summary.GetProperty("passed").GetInt32(), failed == 0 && exitCode != 0 ? 1 : failed);
    }
}
