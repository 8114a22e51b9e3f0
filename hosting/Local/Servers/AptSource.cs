using System.Text;
using System.Text.RegularExpressions;

namespace FitFlow.Hosting.Local.Servers;

/// <summary>One entry of apt's sources, as the machine has it: deb822 stanzas and one-line entries alike.</summary>
internal sealed partial record AptSource(
    IReadOnlyList<string> Uris, IReadOnlyList<string> Suites, IReadOnlyList<string> Components, IReadOnlyDictionary<string, string> Options)
{
    // What belongs to reaching and trusting the mirror; the rest (languages, targets, architectures) is ours to say.
    private static readonly string[] Kept = ["Signed-By", "Trusted", "Allow-Insecure", "Allow-Weak", "Check-Valid-Until", "Check-Date"];

    public static IReadOnlyList<AptSource> OfThisMachine(string directory = "/etc/apt")
    {
        var parts = Path.Combine(directory, "sources.list.d");
        var files = Directory.Exists(parts) ? Directory.GetFiles(parts) : [];
        return [.. files.Append(Path.Combine(directory, "sources.list")).Where(File.Exists).Order(StringComparer.Ordinal).SelectMany(Read)];
    }

    public static IEnumerable<AptSource> Read(string file) => Path.GetExtension(file) switch
    {
        ".sources" => ReadStanzas(File.ReadAllText(file)),
        ".list" => File.ReadLines(file).Select(ReadLine).OfType<AptSource>(),
        _ => [],
    };

    /// <summary>The part of this entry that is about these suites and components, or null.</summary>
    public AptSource? Only(IReadOnlyCollection<string> suites, IReadOnlyCollection<string> components)
    {
        var narrowed = this with { Suites = [.. Suites.Where(suites.Contains)], Components = [.. Components.Where(components.Contains)] };
        return narrowed.Suites.Count > 0 && narrowed.Components.Count > 0 ? narrowed : null;
    }

    /// <summary>As a stanza that fetches the index of packages and nothing else.</summary>
    public string ToStanza(string architecture)
    {
        var stanza = new StringBuilder()
            .AppendLine("Types: deb")
            .AppendLine($"URIs: {string.Join(' ', Uris)}")
            .AppendLine($"Suites: {string.Join(' ', Suites)}")
            .AppendLine($"Components: {string.Join(' ', Components)}")
            .AppendLine($"Architectures: {architecture}")
            .AppendLine("Targets: Packages");
        foreach (var (name, value) in Options) stanza.AppendLine($"{name}: {value}");
        return stanza.AppendLine().ToString();
    }

    private static IEnumerable<AptSource> ReadStanzas(string text)
    {
        var withoutComments = string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Where(line => !line.StartsWith('#')));
        foreach (var stanza in BlankLines().Split(withoutComments))
        {
            var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (Match field in Field().Matches(stanza)) fields[field.Groups["name"].Value] = field.Groups["value"].Value.Trim();

            string[] Words(string name) => fields.GetValueOrDefault(name, "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (!Words("Types").Contains("deb") || fields.GetValueOrDefault("Enabled", "yes") is "no" or "false") continue;
            yield return new AptSource(Words("URIs"), Words("Suites"), Words("Components"), KeptOf(fields));
        }
    }

    private static AptSource? ReadLine(string line)
    {
        var entry = Line().Match(line);
        if (!entry.Success) return null;

        var fields = entry.Groups["options"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(option => option.Split('=', 2))
            .Where(option => option.Length == 2)
            .ToDictionary(option => option[0], option => option[1].Replace(',', ' '), StringComparer.OrdinalIgnoreCase);
        var components = entry.Groups["components"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new AptSource([entry.Groups["uri"].Value], [entry.Groups["suite"].Value], components, KeptOf(fields));
    }

    private static Dictionary<string, string> KeptOf(Dictionary<string, string> fields) =>
        Kept.Where(fields.ContainsKey).ToDictionary(name => name, name => fields[name]);

    [GeneratedRegex(@"\n[ \t]*\n", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BlankLines();

    // A field goes on over the lines that are indented: a key can stand in the stanza itself.
    [GeneratedRegex(@"^(?<name>[A-Za-z-]+):(?<value>.*(\n[ \t].*)*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Field();

    [GeneratedRegex(@"^\s*deb\s+(\[(?<options>[^\]]*)\]\s+)?(?<uri>\S+)\s+(?<suite>\S+)\s+(?<components>[^#]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Line();
}
