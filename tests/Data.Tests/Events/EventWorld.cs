using System.Text;
using FitFlow.Data.Events;
using FitFlow.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MySql.Data.MySqlClient;
using RabbitMQ.Client;

namespace FitFlow.Data.Tests.Events;

/// <summary>These tests share the exchange of one event: one test at a time.</summary>
[CollectionDefinition("events")]
public sealed class OneAtATime;

/// <summary>A service with a database and queues of its own, as many replicas of it as a test starts, and cables that can be cut.</summary>
internal sealed class EventWorld : IAsyncDisposable
{
    private const string Effects =
        """
        CREATE TABLE effects (
          position BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
          counter BINARY(16) NOT NULL,
          number INT NOT NULL,
          tenant BINARY(16) NULL,
          correlation_id VARCHAR(100) NOT NULL,
          user_id BINARY(16) NULL,
          trace VARCHAR(55) NULL
        )
        """;

    private readonly List<IHost> _replicas = [];
    private readonly HashSet<ReactionType> _reactions = [];

    private EventWorld(TestDatabase database)
    {
        Database = database;
        MySqlCable = CuttableProxy.To("127.0.0.1", (int)new MySqlConnectionStringBuilder(database.Server).Port);
        BrokerCable = CuttableProxy.To("127.0.0.1", new Uri(Servers.RabbitMq).Port);
        Broker = new Broker(Servers.RabbitMq);
    }

    public TestDatabase Database { get; }

    public Db Db => Database.Db;

    public string Service => Database.Name;

    /// <summary>Between the replicas and MySQL; the test itself has a connection of its own.</summary>
    public CuttableProxy MySqlCable { get; }

    public CuttableProxy BrokerCable { get; }

    public Broker Broker { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<EventWorld> Create(Engine engine = Engine.MySql) => new(await TestDatabase.Create(engine, Effects));

    public ReactionType TypeOf<T>() => ReactionType.Of(typeof(T), Service);

    public Task Declare<T>()
        where T : Reaction =>
        Declare([TypeOf<T>()]);

    /// <summary>What a replica is configured with, also one that is another process.</summary>
    public Dictionary<string, string?> Configuration() => new(Database.Settings)
    {
        [$"ConnectionStrings:{Database.Name}"] = new MySqlConnectionStringBuilder(Database.Of("service")) { Server = "127.0.0.1", Port = (uint)MySqlCable.Port }.ConnectionString,
        ["ConnectionStrings:rabbitmq"] = new UriBuilder(Servers.RabbitMq) { Port = BrokerCable.Port }.Uri.ToString(),
    };

    public async Task<IHost> Start<T>(EventSettings? settings = null, Stumbles? stumbles = null)
        where T : Reaction =>
        await Start(reactions => reactions.Add<T>(), settings, stumbles);

    /// <summary>Publishes and hears nothing.</summary>
    public Task<IHost> StartRelay(EventSettings? settings = null) => Start(_ => { }, settings);

    public async Task<IHost> Start(Action<Reactions> add, EventSettings? settings = null, Stumbles? stumbles = null)
    {
        var host = Build(Service, Configuration(), add, settings ?? Quick, stumbles);
        _replicas.Add(host);
        await Declare(host.Services.GetRequiredService<Reactions>().All);
        await host.StartAsync(Ct);
        return host;
    }

    public async Task Stop(IHost replica)
    {
        _replicas.Remove(replica);
        await Stopped(replica);
    }

    /// <summary>Waits for nothing that a test would have to wait for.</summary>
    public static EventSettings Quick => new()
    {
        ShortRetries = [TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20)],
        LongRetry = _ => TimeSpan.FromMilliseconds(200),
        RetryPoll = TimeSpan.FromMilliseconds(50),
        Backoff = _ => TimeSpan.FromMilliseconds(100),
    };

    public static IHost Build(string service, Dictionary<string, string?> configuration, Action<Reactions> add, EventSettings settings, Stumbles? stumbles)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.Services.AddSingleton(new ServiceName(service));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(stumbles ?? new Stumbles((_, _) => null));
        if (Environment.GetEnvironmentVariable("FITFLOW_TEST_LOGS") is not null) builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.AddData(service, Migration.Own());
        builder.AddEvents(add);
        return builder.Build();
    }

    public Task Append(Guid? tenant, params Counted[] events) =>
        (tenant is { } studio ? Db.ForTenant(studio) : Db.Global()).InTransaction(tx =>
        {
            foreach (var e in events) tx.Append(e);
            return Task.CompletedTask;
        }, Ct);

    public Task Append(params Counted[] events) => Append(tenant: null, events);

    public async Task<IReadOnlyList<Effect>> AllEffects() =>
        await Db.Global().Query<Effect>("SELECT position, counter, number, tenant, correlation_id, user_id, trace FROM effects ORDER BY position", Ct);

    /// <summary>The effects, once there are as many as are expected; and no more a moment later.</summary>
    public async Task<IReadOnlyList<Effect>> EffectsOf(int count)
    {
        await Eventually.Holds(async () => (await AllEffects()).Count >= count, $"{count} effects");
        await Task.Delay(200, Ct);
        var effects = await AllEffects();
        Assert.Equal(count, effects.Count);
        return effects;
    }

    public Task<long> Count(string table, string where = "TRUE") => CountOf(table, where);

    public Task UntilSent() => Eventually.Holds(async () => await Count("outbox", "sent_at IS NULL") == 0, "all events are sent");

    public async Task<uint> Waiting(string queue)
    {
        await using var channel = await Broker.Channel(Ct);
        return await channel.MessageCountAsync(queue, Ct);
    }

    public Task Put(string queue, string body) => Put(queue, Encoding.UTF8.GetBytes(body));

    public Task Put(string queue, ReadOnlyMemory<byte> body) => Broker.Put(queue, body, new BasicProperties { ContentType = "application/json" }, Ct);

    /// <summary>What the relay has sent, sent again to one queue.</summary>
    public async Task Redeliver(string queue)
    {
        foreach (var e in await Logged()) await Put(queue, e.ToWire());
    }

    /// <summary>Sends it to one queue, and waits until it is done.</summary>
    public async Task PutAndWait<T>(LoggedEvent e)
        where T : Reaction
    {
        var queue = TypeOf<T>().Queue;
        await Put(queue, e.ToWire());
        await Eventually.Holds(async () => await Count("inbox", $"consumer = '{queue}' AND message_id = UNHEX('{e.Id:N}')") == 1, $"{e.Payload} is done");
    }

    public async Task<IReadOnlyList<LoggedEvent>> Logged() =>
        await Db.Global().Query<LoggedEvent>($"SELECT {LoggedEvent.Columns} FROM outbox ORDER BY seq", Ct);

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas) await Stopped(replica);
        await MySqlCable.DisposeAsync();
        await BrokerCable.DisposeAsync();
        await Broker.Delete([.. _reactions], CancellationToken.None);
        await Broker.DisposeAsync();
        await Database.DisposeAsync();
    }

    private async Task Declare(IReadOnlyCollection<ReactionType> reactions)
    {
        _reactions.UnionWith(reactions);
        await Broker.Declare(reactions, Ct);
    }

    private static async Task Stopped(IHost host)
    {
        await host.StopAsync();
        if (host is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }

    private async Task<long> CountOf(string table, string where) =>
        (await Db.Global().Query<long>($"SELECT COUNT(*) FROM {table} WHERE {where}", Ct))[0];
}
