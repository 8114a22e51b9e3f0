using System.Text.Json;

namespace FitFlow.Hosting.Local;

/// <summary>Generated values that must be the same in the next run: a JSON file that only its owner may read.</summary>
internal sealed class SecretStore(string file)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly Lock _gate = new();
    private SortedDictionary<string, string>? _values;

    public string GetOrAdd(string key, Func<string> generate)
    {
        lock (_gate)
        {
            var values = _values ??= Read();
            if (values.TryGetValue(key, out var kept)) return kept;
            var value = values[key] = generate();
            Write(values);
            return value;
        }
    }

    private SortedDictionary<string, string> Read()
    {
        if (!File.Exists(file)) return new(StringComparer.Ordinal);
        var mode = File.GetUnixFileMode(file);
        if ((mode | OwnerOnly) != OwnerOnly)
            throw new LocalHostingException($"the secrets in {file} may be read by others (mode {Convert.ToString((int)mode, 8)}); set it right with: chmod 600 {file}");
        try
        {
            return new(JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file)) ?? throw new JsonException("it is empty"), StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            throw new LocalHostingException($"the secrets in {file} are not valid JSON; repair the file, or delete it together with {Path.Combine(Path.GetDirectoryName(file)!, "data")} to begin anew");
        }
    }

    private void Write(SortedDictionary<string, string> values)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        AtomicFile.Write(file, JsonSerializer.Serialize(values, Indented), OwnerOnly);
    }
}

internal static class AtomicFile
{
    /// <summary>A reader sees the whole old content or the whole new one.</summary>
    public static void Write(string file, string content, UnixFileMode? mode = null)
    {
        var draft = $"{file}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.draft";
        try
        {
            using (var stream = new FileStream(draft, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = mode }))
            using (var writer = new StreamWriter(stream))
                writer.Write(content);
            File.Move(draft, file, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }
}
