using System.ComponentModel;
using System.Diagnostics;

namespace FitFlow.Hosting.Local.Servers;

/// <summary>A program that runs to its end: its exit code and what it printed.</summary>
internal sealed record Tool(int ExitCode, string Output, string Errors)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>The one line that says best what went wrong.</summary>
    public string Complaint
    {
        get
        {
            var lines = $"{Errors}\n{Output}".Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            string[] telling = ["No space left", "ERROR: ", "[ERROR]", "E:", "error:", "ERR!", "error", "Cannot", "not found"];
            return telling.Select(mark => Array.Find(lines, line => line.Contains(mark, StringComparison.Ordinal))).FirstOrDefault(line => line is not null)
                ?? lines.LastOrDefault() ?? $"exit code {ExitCode}";
        }
    }

    public static async Task<Tool> Run(
        string fileName, IEnumerable<string> arguments, CancellationToken ct,
        IReadOnlyDictionary<string, string>? environment = null, string? workingDirectory = null)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        // Their messages are matched and shown: in one language.
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;

        using var process = Start(start);
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return new Tool(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new LocalHostingException($"{start.FileName} cannot be run: {e.Message}", e);
        }
    }
}
