using System.Collections.Concurrent;
using System.Diagnostics;
using FitFlow.Hosting.Local.Processes;

namespace FitFlow.Hosting.Local.Servers;

/// <summary>Where servers come from: found on PATH, or unpacked once, without root, from the distribution's packages.</summary>
internal sealed class ServerStore(string serversDirectory, Action<string> say)
{
    private readonly ConcurrentDictionary<string, Lazy<AptState>> _states = new();

    /// <summary>Where apt's sources are read from and programs are looked for.</summary>
    public string AptDirectory { get; init; } = "/etc/apt";

    public string SearchPath { get; init; } = Environment.GetEnvironmentVariable("PATH") ?? "";

    public string Folder => serversDirectory;

    public void Say(string line) => say(line);

    /// <summary>A program on PATH, or where Debian keeps servers: PATH lacks those folders for who is not root.</summary>
    public string? OnPath(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (ProgramFile.OnPath($"{SearchPath}:/usr/local/sbin:/usr/sbin:/sbin", name) is { } file) return file;
        return null;
    }

    /// <summary>The unpacked packages: what is there is complete, since it is renamed into place as the last step.</summary>
    public async Task<UnpackedServer> Unpack(PackageSet set, CancellationToken ct)
    {
        try
        {
            var machine = await Distribution.OfThisMachine(ct);
            var suite = set.FromUnstable && !machine.IsUbuntu ? "unstable" : machine.Codename;
            var root = Path.Combine(serversDirectory, $"{set.Name}-{suite}-{machine.Architecture}");
            if (Directory.Exists(root)) return new UnpackedServer(PlainPath.Of(root));

            Directory.CreateDirectory(serversDirectory);
            using var alone = await FileLock.Take($"{root}.lock", () => say($"{set.Name}: waiting for another fitflow that is unpacking it"), ct);
            if (!Directory.Exists(root)) await Unpack(set, machine, suite, root, ct);
            return new UnpackedServer(PlainPath.Of(root));
        }
        catch (Exception e) when (e is LocalHostingException or IOException or UnauthorizedAccessException)
        {
            throw new LocalHostingException($"{set.Name} is not on PATH and cannot be unpacked: {e.Message}", e);
        }
    }

    private async Task Unpack(PackageSet set, Distribution machine, string suite, string root, CancellationToken ct)
    {
        var wanted = machine.IsUbuntu ? set.OnUbuntu ?? set.Packages : set.Packages;
        say($"{set.Name}: not on PATH, unpacking {string.Join(", ", wanted)} from {machine.Id} {suite} (once)");
        var watch = Stopwatch.StartNew();
        var archives = $"{root}.debs";
        // Ubuntu's MySQL is of the machine's own release, and meets its libraries.
        var pretence = set.FromUnstable && machine.IsUbuntu ? null : set.Pretence(machine.Architecture);
        var packages = await State(suite, machine).Download(wanted, archives, pretence, ct);
        var downloaded = watch.Elapsed;

        await WholeFolder.Make(root, async part =>
        {
            await Parallel.ForEachAsync(packages, ct, async (package, stop) =>
            {
                var unpack = await Tool.Run("/usr/bin/dpkg-deb", ["-x", package, part], stop);
                if (!unpack.Succeeded) throw new LocalHostingException(unpack.Complaint);
            });
            await File.WriteAllLinesAsync(Path.Combine(part, "packages.txt"), packages.Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal), ct);
        });
        var megabytes = packages.Sum(package => new FileInfo(package).Length) / 1_000_000.0;
        Directory.Delete(archives, recursive: true);
        say($"{set.Name}: unpacked ({megabytes:F0} MB fetched in {downloaded.TotalSeconds:F1} s, unpacked in {(watch.Elapsed - downloaded).TotalSeconds:F1} s)");
    }

    // Sets of one suite share what the mirror has: it is asked once.
    private AptState State(string suite, Distribution machine) => _states.GetOrAdd(suite, _ => new Lazy<AptState>(() =>
    {
        var lists = Path.Combine(serversDirectory, $"apt-{suite}-{machine.Architecture}");
        var sources = AptSource.OfThisMachine(AptDirectory);
        return new AptState(lists, suite == "unstable" ? machine.Unstable(sources) : machine.OwnSources(sources), machine.Architecture);
    })).Value;
}
