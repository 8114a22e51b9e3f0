using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FitFlow.EndToEnd.Tests;

/// A run of its own, brought up and taken down as a developer does it, with processes that a test may kill.
public sealed partial class LocalRun : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly string _home = Directory.CreateTempSubdirectory("fitflow-").FullName;

    public sealed record Resource(string Name, string State, string? Health, string[] Urls, int? Pid, int Restarts);

    public Uri Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var (exitCode, output) = await Cli("up", "--detach", Program("FitFlow.AppHost"), "--Settings:gateway:RateLimits:Anonymous:Limit=10000000");
        Assert.True(exitCode == 0, output);
        Gateway = new((await Find("gateway")).Urls[0]);
    }

    public async ValueTask DisposeAsync()
    {
        await Cli("down");
        Directory.Delete(_home, recursive: true);
    }

    public async Task<Resource> Find(string name)
    {
        var (_, output) = await Cli("status", "--json");
        return JsonSerializer.Deserialize<Resource[]>(output, Json)!.Single(resource => resource.Name == name);
    }

    /// As root: what only a look into the database can tell.
    public async Task<string> RootConnection()
    {
        var mysql = new Uri((await Find("mysql")).Urls[0]);
        using var secrets = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_home, "secrets")));
        return $"Server=127.0.0.1;Port={mysql.Port};User ID=root;Password={secrets.RootElement.GetProperty("Parameters:mysql-password").GetString()}";
    }

    public async Task Kill(string name)
    {
        const int SigKill = 9;
        Assert.Equal(0, Send((await Find(name)).Pid!.Value, SigKill));
    }

    private async Task<(int ExitCode, string Output)> Cli(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Program("FitFlow.Hosting.Local"), .. args])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["FITFLOW_HOME"] = _home },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, process.ExitCode == 0 ? output : output + await error);
    }

    /// The programs stand beside this one, built the same way.
    private static string Program(string name)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, name, here.Name, $"{name}.dll");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int pid, int signal);
}
