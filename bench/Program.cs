using System.Text.Json;
using FitFlow.Bench;
using FitFlow.Bench.Events;
using FitFlow.Bench.Hosting;
using FitFlow.Bench.Identity;
using FitFlow.Bench.Scheduling;
using FitFlow.Bench.Tokens;
using FitFlow.ServiceDefaults;

var scenarios = new Dictionary<string, Scenario>(StringComparer.Ordinal)
{
    ["events"] = EventsScenario.Run,
    ["hosting"] = HostingScenario.Run,
    ["identity"] = IdentityScenario.Run,
    ["scheduling"] = SchedulingScenario.Run,
    ["tokens"] = TokensScenario.Run,
};

if (args is not [var name, ..] || !scenarios.TryGetValue(name, out var scenario))
{
    await Console.Error.WriteLineAsync($"Which? {string.Join(", ", scenarios.Keys)}");
    return 2;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    interrupted.Cancel();
};

// Figures are the only thing on standard output, whatever else wants to be said.
var output = Console.Out;
Console.SetOut(Console.Error);
var figures = await scenario(line => Console.Error.WriteLine($"… {line}"), interrupted.Token);
if (args.Contains("--json", StringComparer.Ordinal))
{
    await output.WriteLineAsync(JsonSerializer.Serialize(figures, new JsonSerializerOptions(Json.Options) { WriteIndented = true }));
}
else
{
    foreach (var figure in figures)
    {
        await output.WriteLineAsync($"{(figure.Ok ? "ok " : "BAD")}  {figure.Name,-64} {figure.Value,10} {figure.Unit,-9} {figure.Target}");
    }
}

return figures.All(figure => figure.Ok) ? 0 : 1;
