namespace FitFlow.Hosting.Local.Servers;

/// <summary>The Debian or Ubuntu that this machine runs, and where it takes its packages from.</summary>
internal sealed record Distribution(string Id, string Codename, string Architecture)
{
    public bool IsUbuntu => Id == "ubuntu";

    private string[] Components => IsUbuntu ? ["main", "universe"] : ["main"];

    public static async Task<Distribution> OfThisMachine(CancellationToken ct)
    {
        if (!File.Exists("/etc/os-release") || !File.Exists("/usr/bin/apt-get") || !File.Exists("/usr/bin/dpkg-deb"))
            throw new LocalHostingException("there is no apt-get here: servers are unpacked on Debian and Ubuntu only, elsewhere install them so that they are on PATH");

        var release = File.ReadLines("/etc/os-release")
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1].Trim('"'));
        var architecture = await Tool.Run("/usr/bin/dpkg", ["--print-architecture"], ct);
        return new Distribution(
            release.GetValueOrDefault("ID", "debian"),
            release.GetValueOrDefault("VERSION_CODENAME", "stable"),
            architecture.Output.Trim());
    }

    /// <summary>This release's packages: the machine's own entries for it.</summary>
    public IReadOnlyList<AptSource> OwnSources(IReadOnlyList<AptSource> machine)
    {
        string[] suites = [Codename, $"{Codename}-updates", $"{Codename}-security", $"{Codename}/updates", "stable", "testing", "unstable", "sid"];
        var own = machine.Select(source => source.Only(suites, Components)).OfType<AptSource>().ToList();
        return own.Count > 0
            ? own
            : throw new LocalHostingException($"apt's sources on this machine name no {Codename} packages, so servers cannot be unpacked");
    }

    /// <summary>Debian unstable, from the mirror that this machine uses, where MySQL itself is packaged.</summary>
    public IReadOnlyList<AptSource> Unstable(IReadOnlyList<AptSource> machine)
    {
        // Others publish for the same release too; the distribution itself is the one with updates, or signed by its keyring.
        var own = OwnSources(machine);
        var withUpdates = own.Where(source => source.Suites.Contains($"{Codename}-updates")).SelectMany(source => source.Uris).ToHashSet();
        var mirror = own
            .OrderByDescending(source => source.Suites.Any(suite => !suite.Contains('-')))
            .ThenByDescending(source => source.Uris.Any(withUpdates.Contains))
            .ThenByDescending(source => source.Options.GetValueOrDefault("Signed-By", "").Contains("debian-archive", StringComparison.Ordinal))
            .First();
        return [mirror with { Suites = ["unstable"] }];
    }
}
