namespace FitFlow.Hosting.Local.Cli;

internal static class Logs
{
    public static int List(Home home)
    {
        foreach (var name in Names(home)) Console.WriteLine(name);
        return 0;
    }

    public static async Task<int> Print(Home home, string name, bool follow, CancellationToken ct)
    {
        var file = home.LogFile(name);
        if (!Names(home).Contains(name, StringComparer.Ordinal))
            throw new LocalHostingException($"there is no log of '{name}'; there are: {string.Join(", ", Names(home))}");

        await using var output = Console.OpenStandardOutput();
        var stream = Open(file);
        try
        {
            while (true)
            {
                await stream.CopyToAsync(output, ct);
                await output.FlushAsync(ct);
                if (!follow) return 0;
                await Task.Delay(100, ct);
                // A new start, or a file that has grown too large, begins a new one under the same name.
                if (!File.Exists(file) || new FileInfo(file).Length >= stream.Position) continue;
                await stream.CopyToAsync(output, ct);
                await stream.DisposeAsync();
                stream = Open(file);
            }
        }
        finally
        {
            await stream.DisposeAsync();
        }
    }

    private static FileStream Open(string file) => new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    private static IReadOnlyList<string> Names(Home home) => !Directory.Exists(home.LogsDirectory) ? []
        : [.. Directory.EnumerateFiles(home.LogsDirectory, "*.log").Select(f => Path.GetFileNameWithoutExtension(f)).Where(n => !n.Contains('.', StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
