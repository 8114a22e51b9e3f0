namespace FitFlow.Hosting.Local.Servers;

/// <summary>
/// apt-get on a state of its own: its lists, its cache, its idea of what is installed. It needs no root and leaves the
/// machine's state alone; proxies, credentials and keyrings stay the machine's.
/// </summary>
internal sealed class AptState(string directory, IReadOnlyList<AptSource> sources, string architecture)
{
    private readonly SemaphoreSlim _once = new(1);
    private bool _updated;

    private string Configuration => Path.Combine(directory, "apt.conf");

    /// <summary>Downloads these packages and all that they need beyond what the machine has, or the pretence says that it has.</summary>
    public async Task<IReadOnlyList<string>> Download(IReadOnlyList<string> packages, string archives, string? pretence, CancellationToken ct)
    {
        var updateComplaint = await Update(ct);
        var resumed = Directory.Exists(archives);
        Directory.CreateDirectory(Path.Combine(archives, "partial"));
        // An interrupted download may have left packages that the mirror has replaced since.
        if (resumed) await Apt(["autoclean"], archives, ct);

        string[] install = ["install", "-y", "--no-install-recommends", "--download-only", .. packages];
        var run = await Apt(pretence is null ? install : ["-o", $"Dir::State::status={Pretend(archives, pretence)}", .. install], archives, ct);
        if (!run.Succeeded) throw new LocalHostingException(updateComplaint ?? run.Complaint);
        return Directory.GetFiles(archives, "*.deb");
    }

    // In a folder of its own, which apt locks.
    private static string Pretend(string archives, string pretence)
    {
        var status = Path.Combine(Directory.CreateDirectory(Path.Combine(archives, "dpkg")).FullName, "status");
        PrivateFile.Write(status, pretence);
        return status;
    }

    /// <summary>Once: what the mirror has. Its complaint only counts when a package is missing: one source of several may be dead.</summary>
    private async Task<string?> Update(CancellationToken ct)
    {
        await _once.WaitAsync(ct);
        try
        {
            if (_updated) return null;
            WriteConfiguration();
            var update = await Apt(["update"], Path.Combine(directory, "archives"), ct);
            _updated = update.Succeeded && !update.Errors.Contains("Failed to fetch", StringComparison.Ordinal);
            return _updated ? null : FirstFailure(update);
        }
        finally
        {
            _once.Release();
        }
    }

    private static string FirstFailure(Tool update)
    {
        var lines = update.Errors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var failed = Array.Find(lines, line => line.Contains("Failed to fetch", StringComparison.Ordinal));
        return failed is null ? update.Complaint : $"the package mirror cannot be read: {failed[(failed.IndexOf(": ", StringComparison.Ordinal) + 2)..]}";
    }

    private async Task<Tool> Apt(IReadOnlyList<string> arguments, string archives, CancellationToken ct)
    {
        string[] all = ["-q", "-c", Configuration, "-o", $"Dir::Cache::archives={archives}", .. arguments];
        var run = await Tool.Run("/usr/bin/apt-get", all, ct);
        // An apt-get whose parent was killed works on for a moment, under apt's own locks.
        for (var wait = 0; wait < 60 && !run.Succeeded && run.Errors.Contains("Could not get lock", StringComparison.Ordinal); wait++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
            run = await Tool.Run("/usr/bin/apt-get", all, ct);
        }
        return run;
    }

    private void WriteConfiguration()
    {
        foreach (var folder in (string[])["lists/partial", "archives/partial", "state", "sources"]) Directory.CreateDirectory(Path.Combine(directory, folder));
        PrivateFile.Write(Path.Combine(directory, "sources", "machine.sources"), string.Concat(sources.Select(source => source.ToStanza(architecture))));
        // A copy, since apt locks the folder that this file is in: only root could, and would block the machine's own apt.
        PrivateFile.Write(Path.Combine(directory, "status"), File.ReadAllText("/var/lib/dpkg/status"));

        PrivateFile.Write(Configuration, $$"""
            Dir::State "{{directory}}/state";
            Dir::State::lists "{{directory}}/lists";
            Dir::State::status "{{directory}}/status";
            Dir::Cache "{{directory}}";
            Dir::Cache::pkgcache "";
            Dir::Cache::srcpkgcache "";
            Dir::Log "{{directory}}";
            Dir::Etc::sourcelist "/dev/null";
            Dir::Etc::sourceparts "{{directory}}/sources";
            Dir::Etc::preferences "/dev/null";
            Dir::Etc::preferencesparts "/dev/null";
            APT::Architecture "{{architecture}}";
            APT::Architectures { "{{architecture}}"; };
            APT::Sandbox::User "root";
            APT::Update::Error-Mode "any";
            Acquire::Languages "none";
            Acquire::Retries "2";
            Acquire::http::Timeout "15";
            Acquire::https::Timeout "15";
            #clear APT::Update::Pre-Invoke;
            #clear APT::Update::Post-Invoke;
            #clear APT::Update::Post-Invoke-Success;
            #clear APT::Periodic;
            #clear DPkg::Pre-Install-Pkgs;
            #clear DPkg::Post-Invoke;

            """);
    }
}
