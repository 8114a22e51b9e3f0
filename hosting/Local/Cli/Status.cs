using System.Text.Json;
using FitFlow.Hosting.Local.Processes;
using FitFlow.Hosting.Local.Running;

namespace FitFlow.Hosting.Local.Cli;

internal static class Status
{
    private const int NotUp = 3;
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private sealed record Row(string Name, string Type, string State, string? Health, IReadOnlyList<string> Urls, int? Pid, long? RssMb, int Restarts);

    public static int Print(Home home, bool json)
    {
        var state = RunState.Read(home.StateFile) is { } read && read.AppHost.IsAlive ? read : null;
        var rows = state is null ? [] : Rows(state);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(rows, Json));
            return state is null ? NotUp : 0;
        }

        if (state is null)
        {
            Console.WriteLine(Sweeper.AnyLeft(home) ? "FitFlow is down; an AppHost that was killed has left processes behind: ./fitflow down ends them." : "FitFlow is down.");
            return NotUp;
        }

        Console.WriteLine($"FitFlow is {state.Phase.ToString().ToLowerInvariant()} (AppHost {state.AppHostPid}).{(state.Reason is null ? "" : $" {state.Reason}")}");
        var width = rows.Select(r => r.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var row in rows)
            Console.WriteLine($"  {row.Name.PadRight(width)}  {row.State,-13} {row.Health ?? "",-9} {row.Pid?.ToString() ?? "",8} {(row.RssMb is { } mb ? $"{mb} MB" : ""),8} {(row.Restarts > 0 ? $"{row.Restarts} restarts" : "")}  {string.Join(' ', row.Urls)}".TrimEnd());
        return 0;
    }

    private static IReadOnlyList<Row> Rows(RunState state)
    {
        // A server may be several processes: what counts is its whole session.
        var memory = ProcFs.All().GroupBy(p => p.Session).ToDictionary(g => g.Key, g => g.Sum(p => p.ResidentBytes));
        return [.. state.Resources.Select(r => new Row(r.Name, r.Type, r.State, r.Health, r.Urls, r.Pid, r.Pid is { } pid && memory.TryGetValue(pid, out var bytes) ? bytes / 1024 / 1024 : null, r.Restarts))];
    }
}
