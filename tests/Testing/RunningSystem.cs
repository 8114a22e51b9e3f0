using Xunit;

namespace FitFlow.Testing;

/// <summary>
/// The whole system, running. `./fitflow test` starts one for all test projects and says where it is in the environment, as the AppHost does
/// for a service; a test project that is run by itself starts its own.
/// </summary>
public sealed class RunningSystem : IAsyncLifetime
{
    private SharedSystem? _own;

    public Uri Gateway => Service("gateway");

    public Uri Service(string name) =>
        new(Environment.GetEnvironmentVariable($"services__{name}__http__0") ?? throw new InvalidOperationException($"There is no service {name} in the running system."));

    /// <summary>The mail catcher's own API.</summary>
    public Uri Mail => Service("mail");

    public HttpClient Anonymous() => new() { BaseAddress = Gateway };

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("services__gateway__http__0") is not null) return;

        _own = await SharedSystem.Start();
        foreach (var (name, value) in _own.Environment) Environment.SetEnvironmentVariable(name, value);
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is not null) await _own.DisposeAsync();
    }
}
