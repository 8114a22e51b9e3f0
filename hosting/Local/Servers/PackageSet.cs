namespace FitFlow.Hosting.Local.Servers;

/// <summary>What is unpacked together.</summary>
internal sealed record PackageSet(string Name, IReadOnlyList<string> Packages, bool FromUnstable = false)
{
    /// <summary>Ubuntu has MySQL in every release, under a name that carries its version; this one points to it.</summary>
    public IReadOnlyList<string>? OnUbuntu { get; init; }

    public static readonly PackageSet Redis = new("redis", ["redis-server"]);
    public static readonly PackageSet RabbitMq = new("rabbitmq", ["rabbitmq-server"]);
    public static readonly PackageSet MariaDb = new("mariadb", ["mariadb-server-core", "mariadb-client-core"]);

    /// <summary>Debian's stable releases have no MySQL; unstable has, and brings its own C library.</summary>
    public static readonly PackageSet MySql = new("mysql", ["mysql-server-core"], FromUnstable: true) { OnUbuntu = ["default-mysql-server-core"] };

    // Only mysqld's scripts and plugins that we do not load need these: a third of the download.
    private static readonly string[] NotNeeded = ["perl", "perl-base", "libmecab2", "libcurl4t64", "libldap2", "libfido2-1", "libprotobuf32t64"];

    /// <summary>An installation that has nothing but what MySQL can do without.</summary>
    public static string Pretence(string architecture) => string.Concat(NotNeeded.Select(name => $"""
        Package: {name}
        Status: install ok installed
        Architecture: {architecture}
        Multi-Arch: allowed
        Version: 9999
        Maintainer: FitFlow
        Description: not needed


        """));
}
