using FitFlow.Data;
using FitFlow.Data.Events;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FitFlow.Bench.Events;

/// <summary>A service as all are, on a database and queues of its own that are gone afterwards.</summary>
internal sealed class BenchService : IAsyncDisposable
{
    private const string Name = "fitflowbench";

    private readonly Surroundings _servers;
    private WebApplication _app = null!;

    private BenchService(Surroundings servers) => _servers = servers;

    public Db Db => _app.Services.GetRequiredService<Db>();

    public static async Task<BenchService> Start(CancellationToken ct)
    {
        var service = new BenchService(await Surroundings.Start(ct));
        if (await service.Build().RunOrMigrate(["migrate"]) != 0) throw new InvalidOperationException("The database of the bench could not be made.");
        service._app = service.Build();
        await service._app.StartAsync(ct);
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _servers.DisposeAsync();
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["URLS"] = "http://127.0.0.1:0",
            [$"ConnectionStrings:{Name}-admin"] = _servers.MySql,
            [$"ConnectionStrings:{Name}"] = As("service"),
            [$"ConnectionStrings:{Name}-across"] = As("across"),
            [$"ConnectionStrings:{Name}-migrator"] = As("migrator"),
            ["ConnectionStrings:rabbitmq"] = _servers.RabbitMq,
        });
        builder.AddFitFlowDefaults("bench");
        builder.AddData(Name);
        builder.AddEvents(reactions => reactions.Add<WriteReceipt>());
        return builder.Build().MapFitFlowDefaults();
    }

    private string As(string user) => $"{Driver.WithoutDatabase(_servers.MySql)};Database={Name};User ID={Name}_{user};Password=bench-{user}";
}
