using System.Security.Cryptography;
using System.Text;

namespace FitFlow.Hosting.Local;

/// <summary>The folder .fitflow of a checkout: data, logs, secrets and the state of the run. Servers are unpacked once per checkout.</summary>
internal sealed record Home(string Root, string Servers)
{
    public string DataDirectory => Path.Combine(Root, "data");

    public string LogsDirectory => Path.Combine(Root, "logs");

    public string RunDirectory => Path.Combine(Root, "run");

    public string SecretsFile => Path.Combine(Root, "secrets");

    public string StateFile => Path.Combine(RunDirectory, "state.json");

    /// <summary>What a detached AppHost says before it has a log.</summary>
    public string StartLog => Path.Combine(LogsDirectory, "apphost.start.log");

    public string LockFile => Path.Combine(RunDirectory, "lock");

    /// <summary>Tells the processes of one checkout from those of another.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(Root))))[..12];

    /// <summary>Next to FitFlow.sln, or where FITFLOW_HOME says.</summary>
    public static Home Of(string directory)
    {
        var checkout = Checkout(directory);
        var root = Environment.GetEnvironmentVariable("FITFLOW_HOME") is { Length: > 0 } home ? Path.GetFullPath(home) : Path.Combine(checkout, ".fitflow");
        return new Home(root, ServersOf(checkout));
    }

    /// <summary>A home elsewhere, with the servers that the checkout has.</summary>
    public static Home At(string root, string directory) => new(root, ServersOf(Checkout(directory)));

    public string LogFile(string resource) => Path.Combine(LogsDirectory, $"{resource}.log");

    public string DataOf(string resource) => Path.Combine(DataDirectory, resource);

    /// <summary>Makes the folders, and finds out here whether they can be written.</summary>
    public void Prepare()
    {
        try
        {
            foreach (var directory in new[] { Root, DataDirectory, LogsDirectory, RunDirectory }) Directory.CreateDirectory(directory);
            var probe = Path.Combine(RunDirectory, $".probe-{Environment.ProcessId}");
            File.WriteAllText(probe, "can this be written?");
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LocalHostingException($"cannot write to {Root}: {OneLine.Reason(e)}");
        }
    }

    private static string ServersOf(string checkout) =>
        Environment.GetEnvironmentVariable("FITFLOW_SERVERS") is { Length: > 0 } servers ? Path.GetFullPath(servers) : Path.Combine(checkout, ".fitflow", "servers");

    private static string Checkout(string directory)
    {
        for (var here = new DirectoryInfo(directory); here is not null; here = here.Parent)
            if (File.Exists(Path.Combine(here.FullName, "FitFlow.sln"))) return here.FullName;
        return directory;
    }
}
