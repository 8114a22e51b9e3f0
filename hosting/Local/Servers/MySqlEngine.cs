using System.Text.RegularExpressions;

namespace FitFlow.Hosting.Local.Servers;

/// <summary>MySQL, or MariaDB in its place: the program, how it is called, how its data is made.</summary>
internal sealed partial record MySqlEngine(string Product, string Version, string FileName, IReadOnlyList<string> Leading, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>For MariaDB, the script that makes its data.</summary>
    public string? Installer { get; init; }

    /// <summary>A root of its own, where it was unpacked.</summary>
    public UnpackedServer? Unpacked { get; init; }

    public bool IsMariaDb => Product == "MariaDB";

    public override string ToString() => $"{Product} {Version} ({(Unpacked is null ? FileName : "unpacked")})";

    public static async Task<MySqlEngine> MySql(ServerStore store, CancellationToken ct)
    {
        if (store.OnPath("mysqld") is { } installed && await VersionOf(installed, [], ct) is { IsMariaDb: false, Major: >= 8 } version)
            return new MySqlEngine("MySQL", version.Number, installed, [], new Dictionary<string, string>());

        var unpacked = await store.Unpack(PackageSet.MySql, ct);
        var program = unpacked.Program("mysqld");
        // Built against a newer C library than this machine has: started through the loader that came with it.
        var (fileName, leading) = unpacked.Loader is { } loader
            ? (loader, (string[])["--library-path", unpacked.LibraryPath, program])
            : (program, []);
        var environment = unpacked.Loader is null ? unpacked.Environment : [];
        var found = await VersionOf(fileName, leading, ct, environment) ?? throw new LocalHostingException($"{program} --version does not run on this machine");
        return new MySqlEngine("MySQL", found.Number, fileName, leading, environment) { Unpacked = unpacked };
    }

    public static async Task<MySqlEngine> MariaDb(ServerStore store, CancellationToken ct)
    {
        if (store.OnPath("mariadbd", "mysqld") is { } installed
            && store.OnPath("mariadb-install-db", "mysql_install_db") is { } installer
            && await VersionOf(installed, [], ct) is { IsMariaDb: true } version)
            return new MySqlEngine("MariaDB", version.Number, installed, [], new Dictionary<string, string>()) { Installer = installer };

        var unpacked = await store.Unpack(PackageSet.MariaDb, ct);
        var program = unpacked.Program("mariadbd");
        var found = await VersionOf(program, [], ct, unpacked.Environment) ?? throw new LocalHostingException($"{program} --version does not run on this machine");
        return new MySqlEngine("MariaDB", found.Number, program, [], unpacked.Environment)
        {
            Installer = unpacked.Program("mariadb-install-db"),
            Unpacked = unpacked,
        };
    }

    /// <summary>What every call needs: nothing of the machine's own configuration, everything from where it was unpacked.</summary>
    public IEnumerable<string> Arguments(string data)
    {
        foreach (var argument in Leading) yield return argument;
        yield return "--no-defaults";
        yield return $"--datadir={data}";
        yield return $"--tmpdir={TemporaryFiles(data)}";
        // Unlike most servers it refuses to run as root unless told so.
        if (System.Environment.IsPrivilegedProcess) yield return "--user=root";
        if (!IsMariaDb)
        {
            yield return "--mysqlx=OFF";
            yield return "--secure-file-priv=NULL";
        }
        if (Unpacked is null) yield break;
        yield return $"--basedir={Unpacked.At("usr")}";
        yield return $"--lc-messages-dir={Unpacked.At("usr/share/mysql")}";
        yield return $"--plugin-dir={Unpacked.At("usr/lib/mysql/plugin")}";
    }

    public Task<Tool> MakeData(string data, CancellationToken ct)
    {
        if (Installer is null) return Tool.Run(FileName, [.. Arguments(data), "--initialize-insecure"], ct, Environment);

        var plain = Path.Combine(PlainPath.Of(Path.GetDirectoryName(data)!), Path.GetFileName(data));
        List<string> arguments = ["--no-defaults", $"--datadir={plain}", $"--tmpdir={TemporaryFiles(plain)}", "--auth-root-authentication-method=normal", "--skip-test-db"];
        if (System.Environment.IsPrivilegedProcess) arguments.Add("--user=root");
        if (Unpacked is not null) arguments.Add($"--basedir={Unpacked.At("usr")}");
        return Tool.Run(Installer, arguments, ct, Environment);
    }

    /// <summary>A folder of its own: MariaDB removes every temporary table in the folder that it starts with, also those of a server that is at work there.</summary>
    private static string TemporaryFiles(string data) => Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(data)!, "tmp")).FullName;

    private static async Task<(string Number, int Major, bool IsMariaDb)?> VersionOf(
        string fileName, string[] leading, CancellationToken ct, IReadOnlyDictionary<string, string>? environment = null)
    {
        var run = await Tool.Run(fileName, [.. leading, "--no-defaults", "--version"], ct, environment);
        var version = VersionNumber().Match(run.Output);
        return run.Succeeded && version.Success
            ? (version.Groups["number"].Value, int.Parse(version.Groups["major"].Value), run.Output.Contains("MariaDB", StringComparison.Ordinal))
            : null;
    }

    [GeneratedRegex(@"Ver (?<number>(?<major>\d+)\.\d+\.\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionNumber();
}
