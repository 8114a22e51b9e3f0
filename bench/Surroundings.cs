using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace FitFlow.Bench;

/// <summary>The servers that a scenario runs on: its own, with data of their own, gone afterwards.</summary>
internal sealed class Surroundings : IAsyncDisposable
{
    private readonly DistributedApplication _app;

    private Surroundings(DistributedApplication app, string mySql, string rabbitMq) => (_app, MySql, RabbitMq) = (app, mySql, rabbitMq);

    public string MySql { get; }

    public string RabbitMq { get; }

    public static async Task<Surroundings> Start(CancellationToken ct)
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddMySql("mysql").WithArgs("--max-connections=1000");
        builder.AddRabbitMQ("rabbitmq");
        var app = await builder.BuildAsync(ct);
        await app.StartAsync(ct);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("mysql", ct);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("rabbitmq", ct);
        return new Surroundings(app, (await app.GetConnectionStringAsync("mysql", ct))!, (await app.GetConnectionStringAsync("rabbitmq", ct))!);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
