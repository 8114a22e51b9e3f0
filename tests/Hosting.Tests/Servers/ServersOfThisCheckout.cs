using FitFlow.Hosting.Local.Servers;

namespace FitFlow.Hosting.Tests.Servers;

/// <summary>The unpacked servers are shared with `./fitflow up`; the data of each test is its own and goes with it.</summary>
public sealed class ServersOfThisCheckout : IDisposable
{
    private readonly string _scratch = Directory.CreateTempSubdirectory("fitflow-servers-").FullName;
    private readonly List<string> _said = [];

    internal ServerStore Store => new(Folder, Say);

    public IReadOnlyList<string> Said
    {
        get
        {
            lock (_said) return [.. _said];
        }
    }

    public static string Folder => Environment.GetEnvironmentVariable("FITFLOW_SERVERS") ?? Path.Combine(Checkout.Root, ".fitflow", "servers");

    public string Scratch(string name) => Directory.CreateDirectory(Path.Combine(_scratch, name)).FullName;

    internal ServerSettings Settings(string name, string password = "Secret0123456789abcdef", params (string Name, string Value)[] options) => new(
        name, Path.Combine(_scratch, name), RunningServer.FreePort(), "guest", password, RunningServer.FreePort,
        options.ToDictionary(option => option.Name, option => option.Value), Say);

    public void Dispose()
    {
        Directory.Delete(_scratch, recursive: true);
        // The other names of folders that have blanks in theirs.
        foreach (var link in new DirectoryInfo(Path.GetTempPath()).GetFileSystemInfos("fitflow-*"))
        {
            if (link.LinkTarget?.StartsWith(_scratch, StringComparison.Ordinal) == true) link.Delete();
        }
    }

    internal void Say(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        lock (_said) _said.Add(line);
    }

}
