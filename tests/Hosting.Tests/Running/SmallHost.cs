using System.Diagnostics;
using System.Text.Json.Nodes;
using FitFlow.Hosting.Local;
using FitFlow.Hosting.Local.Processes;
using FitFlow.Hosting.Local.Running;

namespace FitFlow.Hosting.Tests.Running;

/// <summary>A home for AppHosts that are processes of their own; whatever they leave behind is gone afterwards.</summary>
internal sealed class SmallHost : IAsyncDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("fitflow-home-").FullName;

    public Home Home => new(Root, Root);

    public RunState State => RunState.Read(Home.StateFile) ?? throw new InvalidOperationException("It is not up.");

    public Task<Command> Cli(params string[] args) => Command.RunIn(Root, Programs.Cli, args);

    public Task<Command> Up(params string[] args) => Cli(["up", "--detach", Programs.SmallAppHost, .. args]);

    public Process Foreground(params string[] args) => Command.Start(Root, Programs.SmallAppHost, args);

    public async Task<JsonArray> Status() => JsonNode.Parse((await Cli("status", "--json")).Output)!.AsArray();

    /// <summary>All processes with the marker of this home.</summary>
    public IReadOnlyList<ProcessIdentity> Processes() =>
        [.. ProcFs.All().Where(p => !p.IsZombie && ProcFs.Variable(p.Pid, Sweeper.Variable)?.StartsWith($"{Home.Hash}:", StringComparison.Ordinal) == true).Select(p => new ProcessIdentity(p.Pid, p.StartTicks))];

    public async ValueTask DisposeAsync()
    {
        await Cli("down");
        Assert.Empty(Processes());
        Directory.Delete(Root, recursive: true);
    }
}
