namespace FitFlow.Hosting.Local.Servers;

/// <summary>Packages unpacked into a folder: a root of a file system that nothing is installed in.</summary>
internal sealed record UnpackedServer(string Root)
{
    /// <summary>The folders of shared libraries, wherever this architecture and release keep them.</summary>
    public string LibraryPath => string.Join(':', LibraryFolders);

    /// <summary>Set for programs of this machine's own release, which use its C library and find the rest here.</summary>
    public Dictionary<string, string> Environment => new() { ["LD_LIBRARY_PATH"] = LibraryPath };

    /// <summary>The dynamic loader that came with a C library of its own, if one did.</summary>
    public string? Loader => LibraryFolders
        .SelectMany(folder => Directory.GetFiles(folder, "ld-linux*.so.*"))
        .FirstOrDefault();

    private IEnumerable<string> LibraryFolders => ((string[])["usr/lib", "lib"])
        .Select(folder => Path.Combine(Root, folder))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.GetDirectories(folder, "*-linux-gnu*"));

    public string At(string relative) => Path.Combine(Root, relative);

    public string Program(string name) =>
        ((string[])["usr/sbin", "usr/bin"]).Select(folder => Path.Combine(Root, folder, name)).FirstOrDefault(File.Exists)
        ?? throw new LocalHostingException($"{name} is not among the packages unpacked in {Root}: remove that folder to unpack them anew");
}
