namespace FitFlow.Hosting.Local.Servers;

/// <summary>What a server is given: where its data lives, where it listens, its secret.</summary>
internal sealed record ServerSettings(string Name, string DataDirectory, int Port, string UserName, string Password, Func<int> AnotherPort, IReadOnlyDictionary<string, string> Options, Action<string> Say)
{
    /// <summary>What the AppHost adds to the server's own command line.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
