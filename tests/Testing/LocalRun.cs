using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Xunit;

namespace FitFlow.Testing;

/// <summary>A run of its own, brought up and taken down as a developer does it, with processes that a test may kill.</summary>
public partial class LocalRun : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly string _home = Directory.CreateTempSubdirectory("fitflow-").FullName;

    /// <summary>As `./fitflow status --json` says it.</summary>
    public sealed record Resource(string Name, string State, string? Health, string[] Urls, int? Pid, int Restarts);

    /// <summary>The gateway's address.</summary>
    public Uri Gateway => System.Gateway;

    /// <summary>What stories are told of.</summary>
    public RunningSystem System { get; private set; } = null!;

    /// <summary>What this run is told besides.</summary>
    protected virtual IEnumerable<string> Settings => [];

    public async ValueTask InitializeAsync()
    {
        var (exitCode, output) = await Cli(
        [
            "up", "--detach", Program("FitFlow.AppHost"), "--Settings:gateway:RateLimits:Anonymous:Limit=10000000",
            "--Settings:gateway:RateLimits:SignedIn:Limit=10000000", .. Settings,
        ]);
        Assert.True(exitCode == 0, output);
        System = RunningSystem.Of(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["services__gateway__http__0"] = (await Find("gateway")).Urls[0].TrimEnd('/'),
            ["ConnectionStrings__mysql"] = await RootConnection(),
            [RunningSystem.EncryptionKeySetting] = await Secret("encryption-key"),
        });
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

    /// <summary>As root: what only a look into the database can tell.</summary>
    public async Task<string> RootConnection() =>
        $"Server=127.0.0.1;Port={new Uri((await Find("mysql")).Urls[0]).Port};User ID=root;Password={await Secret("mysql-password")}";

    /// <summary>For who listens along.</summary>
    public async Task<Uri> BrokerAddress() =>
        new($"amqp://guest:{Uri.EscapeDataString(await Secret("rabbitmq-password"))}@127.0.0.1:{new Uri((await Find("rabbitmq")).Urls[0]).Port}");

    /// <summary>kill -9.</summary>
    public async Task Kill(string name)
    {
        const int SigKill = 9;
        Assert.Equal(0, Send((await Find(name)).Pid!.Value, SigKill));
    }

    private async Task<string> Secret(string parameter)
    {
        using var secrets = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_home, "secrets")));
        return secrets.RootElement.GetProperty($"Parameters:{parameter}").GetString()!;
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

    // The programs stand beside this one, built the same way.
    private static string Program(string name)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, name, here.Name, $"{name}.dll");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int pid, int signal);
}
