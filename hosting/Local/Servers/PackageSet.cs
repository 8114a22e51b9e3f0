namespace FitFlow.Hosting.Local.Servers;

/// <summary>What is unpacked together.</summary>
internal sealed record PackageSet(string Name, IReadOnlyList<string> Packages, bool FromUnstable = false)
{
    /// <summary>Ubuntu has MySQL in every release, under a name that carries its version; this one points to it.</summary>
    public IReadOnlyList<string>? OnUbuntu { get; init; }

    /// <summary>
    /// What is taken for installed, and nothing else: the folder is then the same whatever the machine has. Null: what the machine really has is
    /// not unpacked again.
    /// </summary>
    public IReadOnlyList<string>? Assumed { get; init; }

    public static readonly PackageSet Redis = new("redis", ["redis-server"]);
    public static readonly PackageSet RabbitMq = new("rabbitmq", ["rabbitmq-server"]);
    public static readonly PackageSet MariaDb = new("mariadb", ["mariadb-server-core", "mariadb-client-core"]);

    /// <summary>Debian's stable releases have no MySQL; unstable has, and brings its own C library.</summary>
    public static readonly PackageSet MySql = new("mysql", ["mysql-server-core"], FromUnstable: true)
    {
        OnUbuntu = ["default-mysql-server-core"],
        // Only mysqld's scripts and plugins that we do not load need these: a third of the download.
        Assumed = ["perl", "perl-base", "libmecab2", "libcurl4t64", "libldap2", "libfido2-1", "libprotobuf32t64"],
    };

    /// <summary>With fonts, since a page without any is a page of boxes. The C library is the machine's: the loader that starts programs belongs to it.</summary>
    public static readonly PackageSet Chromium = new("chromium", ["chromium", "fonts-dejavu-core", "fonts-liberation"])
    {
        // What only windows, sound cards and installing need.
        Assumed =
        [
            "libc6", "libgtk-3-0", "x11-utils", "xdg-utils", "debconf", "perl", "ucf", "shared-mime-info", "mount", "systemd", "dbus", "passwd", "adduser",
            "lsb-base", "init-system-helpers", "dpkg", "tar", "sensible-utils",
        ],
    };

    /// <summary>An installation that has nothing but what is assumed.</summary>
    public string? Pretence(string architecture) => Assumed is null ? null : string.Concat(Assumed.Select(name => $"""
        Package: {name}
        Status: install ok installed
        Architecture: {architecture}
        Multi-Arch: allowed
        Version: 9999
        Maintainer: FitFlow
        Description: assumed


        """));
}
