using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace FitFlow.Data;

/// <summary>One SQL file out of a <c>Migrations</c> folder, as it is embedded in its assembly.</summary>
internal sealed partial record Migration(string Name, string Sql)
{
    private const string Folder = "migrations/";

    /// <summary>The same on every platform: line ends do not count.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>Data's own come first, under <c>data/</c>; then the service's.</summary>
    public static IReadOnlyList<Migration> Of(Assembly service) => [.. Own(), .. Embedded(service, prefix: "")];

    public static IReadOnlyList<Migration> Own() => Embedded(typeof(Migration).Assembly, prefix: "data/");

    private static List<Migration> Embedded(Assembly assembly, string prefix)
    {
        var migrations = new SortedDictionary<string, Migration>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            var file = resource[Folder.Length..];
            if (!FileName().IsMatch(file)) throw new MigrationException($"{file} is not named like 0001_what_it_does.sql.");
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            if (!migrations.TryAdd(file[..4], new Migration(prefix + Path.GetFileNameWithoutExtension(file), reader.ReadToEnd())))
            {
                throw new MigrationException($"Two migrations have the number {file[..4]}: renumber {file}.");
            }
        }

        return [.. migrations.Values];
    }

    [GeneratedRegex(@"^\d{4}_[a-z0-9_]+\.sql$", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex FileName();
}

/// <summary>The database cannot be brought up to date; the message says why and how to go on.</summary>
internal sealed class MigrationException(string message, Exception? cause = null) : Exception(message, cause);
