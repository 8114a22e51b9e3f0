namespace FitFlow.Testing;

/// <summary>What all test projects share: the system as the AppHost runs it, and a MariaDB for what must hold on both engines.</summary>
public sealed class SharedSystem : IAsyncDisposable
{
    private readonly OwnSystem _system;
    private readonly OtherEngine _mariaDb;

    private SharedSystem(OwnSystem system, OtherEngine mariaDb) => (_system, _mariaDb) = (system, mariaDb);

    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>(_system.Environment, StringComparer.Ordinal) { ["ConnectionStrings__mariadb"] = _mariaDb.ConnectionString };

    public static async Task<SharedSystem> Start()
    {
        var mariaDb = await OtherEngine.Start();
        return new SharedSystem(await OwnSystem.Start(), mariaDb);
    }

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        await _mariaDb.DisposeAsync();
    }
}
