using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace FitFlow.Testing;

/// <summary>A MariaDB beside the system's MySQL: the data layer holds on both.</summary>
public sealed class OtherEngine : IAsyncDisposable
{
    private readonly DistributedApplication _app;

    private OtherEngine(DistributedApplication app, string connectionString) => (_app, ConnectionString) = (app, connectionString);

    public string ConnectionString { get; }

    public static async Task<OtherEngine> Start(CancellationToken ct = default)
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddMySql("mariadb").WithImage("mariadb").WithArgs("--max-connections=1000");
        var app = await builder.BuildAsync(ct);
        await app.StartAsync(ct);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("mariadb", ct);
        return new OtherEngine(app, (await app.GetConnectionStringAsync("mariadb", ct))!);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
