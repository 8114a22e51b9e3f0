using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Tests.ICalParser;

/// Something that takes place, as another program understands it.
internal sealed record Occurrence(string Uid, string Summary, string? Location, string Status, int Sequence, DateTimeOffset Start, DateTimeOffset End);

internal sealed record Parsed(string Method, string? Name, int Events, int Rules, IReadOnlyList<Occurrence> Occurrences)
{
    public IEnumerable<DateTimeOffset> Confirmed => Occurrences.Where(one => one.Status == "CONFIRMED").Select(one => one.Start).Order();
}

/// ical.js, which is not ours, reads what we write. Installed once for each state of its lock file.
internal static class Parser
{
    private static readonly string Sources = Path.Combine(Checkout.Root, "tests", "Scheduling.Tests", "ICalParser");

    private static readonly Lazy<Task<string>> Folder = new(Install);

    public static async Task<Parsed> Read(string calendar)
    {
        var answer = await Run("node", [Path.Combine(await Folder.Value, "read.mjs")], await Folder.Value, calendar);
        return JsonSerializer.Deserialize<Parsed>(answer, Json.Options)!;
    }

    private static async Task<string> Install()
    {
        string[] files = ["package.json", "package-lock.json", "read.mjs"];
        var state = Convert.ToHexStringLower(SHA256.HashData([.. files.SelectMany(file => File.ReadAllBytes(Path.Combine(Sources, file)))]))[..12];
        var folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../ical-parser", state));
        if (Directory.Exists(folder)) return folder;

        var part = $"{folder}.{Environment.ProcessId}";
        Directory.CreateDirectory(part);
        foreach (var file in files) File.Copy(Path.Combine(Sources, file), Path.Combine(part, file), overwrite: true);
        await Run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], part, "");
        try
        {
            Directory.Move(part, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another run was faster, with the same.
            Directory.Delete(part, recursive: true);
        }

        return folder;
    }

    private static async Task<string> Run(string program, string[] args, string folder, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await error}");
    }
}
