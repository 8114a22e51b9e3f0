using System.Text.Json;
using System.Text.Json.Serialization;
using FitFlow.Hosting.Local.Processes;

namespace FitFlow.Hosting.Local.Running;

internal enum Phase
{
    Starting,
    Ready,
    Failed,
    Stopping,
}

/// <summary>What .fitflow/run/state.json says of the run; written whole at every change, read by whoever asks.</summary>
internal sealed record RunState(int AppHostPid, long AppHostStartTicks, Phase Phase, string? Reason, IReadOnlyList<PartState> Resources)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        WriteIndented = true,
    };

    [JsonIgnore]
    public ProcessIdentity AppHost => new(AppHostPid, AppHostStartTicks);

    /// <summary>The sessions of all processes that were started.</summary>
    [JsonIgnore]
    public IReadOnlyList<ProcessIdentity> Sessions => [.. Resources.Where(r => r.Pid is not null).Select(r => new ProcessIdentity(r.Pid!.Value, r.StartTicks ?? 0))];

    public void Write(string file) => AtomicFile.Write(file, JsonSerializer.Serialize(this, Json));

    /// <summary>The state that was last written; null when there is none, or a crash has left half of one.</summary>
    public static RunState? Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<RunState>(File.ReadAllText(file), Json) : null;
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            return null;
        }
    }
}

/// <summary>One process of a resource, or a resource that is no process.</summary>
internal sealed record PartState(string Name, string Type, string State, string? Health, IReadOnlyList<string> Urls, int? Pid, long? StartTicks, int Restarts, string? Reason);
