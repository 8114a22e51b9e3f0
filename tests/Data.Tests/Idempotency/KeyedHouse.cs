using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Net.Http.Json;
using FitFlow.Contracts.Identity;
using FitFlow.Data.Idempotency;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FitFlow.Data.Tests.Idempotency;

/// <summary>A service that makes things, each name once, for whoever is signed in; and stumbles where a test says so.</summary>
internal sealed class KeyedHouse : IAsyncDisposable
{
    public const string Things =
        """
        CREATE TABLE things (
          id BINARY(16) NOT NULL PRIMARY KEY,
          name VARCHAR(100) NOT NULL,
          made_by BINARY(16) NOT NULL,
          KEY by_name (name)
        )
        """;

    private readonly WebApplication _app;

    private KeyedHouse(RunningSystem system, TestDatabase database, CuttableProxy redis, string redisConnection)
    {
        (Database, RedisCable) = (database, redis);
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(database.Settings)
        {
            ["services:identity:http:0"] = system.Service("identity").ToString(),
            ["ServiceTokens:Secret"] = system.ServiceCredentials.Secret,
            ["ConnectionStrings:redis"] = redisConnection,
            ["Redis:Timeout"] = "00:00:20",
            ["Logging:LogLevel:Default"] = "None",
        });
        builder.AddFitFlowDefaults(RunningSystem.PlayedService);
        builder.AddData(database.Name, TestDatabase.Migrations(Things));
        _app = builder.Build();
        _app.MapFitFlowDefaults();
        _app.MapPost("/things", Make).Allow(Role.Everyone).Idempotent();
        _app.MapPost("/things-by-steps", MakeBySteps).Allow(Role.Everyone).Idempotent();
        _app.MapPost("/carelessly", MakeCarelessly).Allow(Role.Everyone).Idempotent();
        _app.MapPost("/things/{shelf}", Make).InStudio().Allow(Role.Everyone).Idempotent();
    }

    public sealed record Request([Required, StringLength(100)] string Name);

    public sealed record Thing(Guid Id, string Name, decimal Weight, DateTimeOffset MadeAt, string? Nothing);

    public TestDatabase Database { get; }

    public CuttableProxy RedisCable { get; }

    public Uri Address => new(_app.Urls.Single());

    public IServiceProvider Services => _app.Services;

    /// <summary>By the name of the thing: what happens before its transaction, in it after its row was written, and after its commit.</summary>
    public ConcurrentDictionary<string, Func<Task>> Before { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, Func<Task>> During { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, Func<Task>> After { get; } = new(StringComparer.Ordinal);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<KeyedHouse> Start(RunningSystem system, Engine engine)
    {
        var (redis, connection) = CuttableProxy.For(Servers.Redis);
        var house = new KeyedHouse(system, await TestDatabase.Create(engine, Things), redis, connection);
        await house._app.StartAsync(Ct);
        return house;
    }

    public async Task<HttpResponseMessage> Post(Person person, string? key, object body, string path = "/things", Guid? studio = null)
    {
        using var http = person.Http();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, path)) { Content = JsonContent.Create(body, options: Json.Options) };
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (studio is { } id) request.Headers.Add("X-Studio-Id", id.ToString());
        return await http.SendAsync(request, Ct);
    }

    /// <summary>How many things of this name there are, events of their making, and answers under this key.</summary>
    public async Task<(int Things, int Events, int Answers)> Count(string name, string key) => await Database.Db.Global().QueryOne<(int, int, int)>(
        """
        SELECT
          (SELECT COUNT(*) FROM things WHERE name = @Name) AS things,
          (SELECT COUNT(*) FROM outbox WHERE LOCATE(@Name, payload) > 0) AS events,
          (SELECT COUNT(*) FROM idempotency_keys WHERE request_key = @Key) AS answers
        """, new { name, key }, Ct);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await Database.DisposeAsync();
        await RedisCable.DisposeAsync();
    }

    private async Task<Results<Created<Thing>, ProblemHttpResult>> Make(Request request, Caller caller, Db db, TimeProvider clock, CancellationToken ct)
    {
        await Stumble(Before, request);
        var answer = await db.Global().InTransaction<Results<Created<Thing>, ProblemHttpResult>>(async tx =>
        {
            if (await IsTaken(tx, request)) return Taken();
            if (request.Name.StartsWith("storm", StringComparison.Ordinal)) return Problems.Unavailable("weather");
            var thing = await Add(tx, request, caller, clock);
            await Stumble(During, request);
            return Made(thing);
        }, ct);
        await Stumble(After, request);
        return answer;
    }

    private async Task<Results<Created<Thing>, ProblemHttpResult>> MakeBySteps(Request request, Caller caller, Db db, TimeProvider clock, CancellationToken ct)
    {
        await Stumble(Before, request);
        var thing = await db.Global().InTransaction(async tx =>
        {
            if (await IsTaken(tx, request)) return null;
            var thing = await Add(tx, request, caller, clock);
            tx.Answer(Made(thing));
            return thing;
        }, ct);
        await Stumble(After, request);
        return thing is null ? Taken() : Made(thing);
    }

    private static async Task<Created<Thing>> MakeCarelessly(Request request, Caller caller, Db db, TimeProvider clock, CancellationToken ct) =>
        Made(await db.Global().InTransaction(tx => Add(tx, request, caller, clock), ct));

    private static async Task<bool> IsTaken(Transaction tx, Request request) => await tx.QueryOne<int>("SELECT COUNT(*) FROM things WHERE name = @Name", request) > 0;

    private static async Task<Thing> Add(Transaction tx, Request request, Caller caller, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var thing = new Thing(Guid.CreateVersion7(now), request.Name, 1.50m, now, Nothing: null);
        await tx.Execute("INSERT INTO things (id, name, made_by) VALUES (@Id, @Name, @MadeBy)", new { thing.Id, thing.Name, MadeBy = caller.Id });
        tx.Append(new UserRegistered(thing.Id, request.Name));
        return thing;
    }

    private static Created<Thing> Made(Thing thing) => TypedResults.Created($"/things/{thing.Id}", thing);

    private static ProblemHttpResult Taken() => Problems.Conflict("things.taken", "There is one of that name.", ("nearest", new[] { 1, 2 }));

    private static Task Stumble(ConcurrentDictionary<string, Func<Task>> where, Request request) =>
        where.TryGetValue(request.Name, out var stumble) ? stumble() : Task.CompletedTask;
}
