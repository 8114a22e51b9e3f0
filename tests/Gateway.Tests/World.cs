namespace FitFlow.Gateway.Tests;

/// Two services, the others not built yet, and a gateway in front of them. The tests of a class share one, one after the other.
public sealed class World : IAsyncLifetime
{
    public Stub Identity { get; private set; } = null!;

    public Stub Training { get; private set; } = null!;

    public GatewayProcess Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Identity = await Stub.Start("identity");
        Training = await Stub.Start("training");
        Gateway = await GatewayProcess.Start([Identity, Training], ("Cors:Origins", "https://app.example.org, http://localhost:3000"));
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Training.DisposeAsync();
        await Identity.DisposeAsync();
    }
}
