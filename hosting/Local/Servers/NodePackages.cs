using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using FitFlow.Hosting.Local.Processes;

namespace FitFlow.Hosting.Local.Servers;

/// <summary>The servers that are Node programs, installed once for each state of the lock file.</summary>
internal sealed record NodePackages(string Node, string Folder)
{
    public static async Task<NodePackages> Install(ServerStore store, CancellationToken ct)
    {
        var node = store.OnPath("node") ?? throw new LocalHostingException("node is not on PATH: install Node.js 20 or newer (on Debian and Ubuntu: the package nodejs)");
        var files = ((string[])["package.json", "package-lock.json", "s3.js"]).ToDictionary(name => name, Embedded);
        var hash = Convert.ToHexStringLower(SHA256.HashData(files.Values.SelectMany(bytes => bytes).ToArray()))[..12];
        var packages = new NodePackages(node, Path.Combine(store.Folder, $"node-{hash}"));
        if (Directory.Exists(packages.Folder)) return packages;

        try
        {
            Directory.CreateDirectory(store.Folder);
            using var alone = await FileLock.Take($"{packages.Folder}.lock", () => store.Say("node: waiting for another fitflow that is installing"), ct);
            if (!Directory.Exists(packages.Folder)) await packages.Install(files, store, ct);
            return packages;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LocalHostingException($"s3rver and maildev cannot be installed: {e.Message}", e);
        }
    }

    /// <summary>What every one of these servers is started with: a development setting of Node's may not reach them.</summary>
    public Dictionary<string, string> Environment => new() { ["NODE_ENV"] = "production", ["NODE_OPTIONS"] = "" };

    public string At(string relative) => Path.Combine(Folder, relative);

    private async Task Install(Dictionary<string, byte[]> files, ServerStore store, CancellationToken ct)
    {
        var npm = store.OnPath("npm") ?? throw new LocalHostingException("npm is not on PATH: install it beside Node.js (on Debian and Ubuntu: the package npm)");
        store.Say("node: installing s3rver and maildev (once)");
        var watch = Stopwatch.StartNew();
        await WholeFolder.Make(Folder, async part =>
        {
            foreach (var (name, bytes) in files) await File.WriteAllBytesAsync(Path.Combine(part, name), bytes, ct);
            var path = new Dictionary<string, string> { ["PATH"] = $"{Path.GetDirectoryName(Node)}:{store.SearchPath}" };
            var install = await Tool.Run(npm, ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"], ct, path, part);
            if (!install.Succeeded) throw new LocalHostingException($"s3rver and maildev cannot be installed: npm ci says: {install.Complaint}");
        });
        store.Say($"node: installed in {watch.Elapsed.TotalSeconds:F1} s");
    }

    private static byte[] Embedded(string name)
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream($"node/{name}")!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
