using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using FitFlow.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FitFlow.ServiceDefaults.Tests.Calls;

public sealed class CallTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Method, IHeaderDictionary Headers)> _heard = new();
    private Func<HttpContext, Task<IResult>> _answer = _ => Task.FromResult(Results.Text("hello"));
    private TestService _people = null!;
    private CuttableProxy _first = null!;
    private CuttableProxy _second = null!;

    internal sealed class People(HttpClient http)
    {
        public Task<string> Find(CancellationToken ct) => http.GetStringAsync("/people/1", ct);

        public Task<string> Inner(Uri address, CancellationToken ct) => http.GetStringAsync(address, ct);

        public async Task<HttpStatusCode> Add(CancellationToken ct) => (await http.PostAsJsonAsync("/people", new { Name = "Ann" }, ct)).StatusCode;

        public async Task<HttpStatusCode> Search(CancellationToken ct)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/people/search").OnlyReads();
            request.Content = JsonContent.Create(new { Ids = new[] { 1, 2 } });
            return (await http.SendAsync(request, ct)).StatusCode;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _people = await TestService.Start(app => app.Map("/{**path}", async (HttpContext context) =>
        {
            _heard.Enqueue((context.Request.Method, new HeaderDictionary(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value))));
            return await _answer(context);
        }).Public(), name: "people");
        _first = CuttableProxy.To("127.0.0.1", _people.Client.BaseAddress!.Port);
        _second = CuttableProxy.To("127.0.0.1", _people.Client.BaseAddress!.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await _people.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task TheOtherServiceSeesWhoCallsAndWhereAndAsPartOfWhat()
    {
        await using var caller = await Caller(_first);
        var studio = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var response = await caller.Get("/studio/find", Given.Person(Role.Client, new Membership(studio, Role.Client)), studio);

        Assert.Equal("hello", await response.Content.ReadAsStringAsync());
        var (_, headers) = Assert.Single(_heard);
        Assert.Equal(response.Headers.GetValues("X-Correlation-Id").Single(), headers["X-Correlation-Id"]);
        Assert.Equal(studio.ToString(), headers["X-Studio-Id"]);
        Assert.StartsWith("Bearer ey", headers.Authorization.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATokenThatWasNotVerifiedHereIsNotPassedOn()
    {
        await using var caller = await Caller(_first);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/find");
        request.Headers.Authorization = new("Bearer", "nonsense");
        await caller.Client.SendAsync(request);
        Assert.Equal("", Assert.Single(_heard).Headers.Authorization.ToString());
    }

    [Fact]
    public async Task APassingFaultIsTriedAgain()
    {
        await using var caller = await Caller(_first);
        _answer = _ => Task.FromResult(_heard.Count < 4 ? Results.StatusCode(503) : Results.Text("hello"));
        var studio = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var response = await caller.Get("/studio/find", Given.Person(Role.Client, new Membership(studio, Role.Client)), studio);

        Assert.Equal("hello", await response.Content.ReadAsStringAsync());
        Assert.Equal(4, _heard.Count);
        foreach (var name in new[] { "X-Correlation-Id", "X-Studio-Id", "Authorization" })
            Assert.Single(_heard.Select(attempt => attempt.Headers[name].ToString()).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AWriteIsNotRepeatedUnlessItOnlyReads()
    {
        await using var caller = await Caller(_first);
        _answer = _ => Task.FromResult(Results.StatusCode(500));
        await (await caller.Get("/add")).ShouldBeProblem(503, "dependency.unavailable");
        Assert.Single(_heard);
        await (await caller.Get("/search")).ShouldBeProblem(503, "dependency.unavailable");
        Assert.Equal(5, _heard.Count);
    }

    [Fact]
    public async Task WhatTheOtherSideRefusesIsAnAnswerAndNoFault()
    {
        await using var caller = await Caller(_first);
        _answer = _ => Task.FromResult(Results.NotFound());
        Assert.Equal("404", await caller.Client.GetStringAsync("/search"));
        Assert.Single(_heard);
    }

    [Fact]
    public async Task AnAddressThatRefusesIsLeftOutEvenForAWrite()
    {
        await using var caller = await Caller(_first, _second);
        _first.Cut();
        for (var i = 0; i < 20; i++) Assert.Equal("200", await caller.Client.GetStringAsync("/add"));
        Assert.Equal(20, _heard.Count);
    }

    [Fact]
    public async Task CallsAreSpreadOverTheAddresses()
    {
        await using var caller = await Caller(_first, _second);
        _answer = async _ =>
        {
            await Task.Delay(20);
            return Results.Text("hello");
        };
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => caller.Client.GetStringAsync("/find")));
        Assert.True(_first.Accepted > 0 && _second.Accepted > 0, $"{_first.Accepted} and {_second.Accepted} connections");
    }

    [Fact]
    public async Task AServiceThatIsGoneIs503AndComesBackByItself()
    {
        await using var caller = await Caller(_first);
        _first.Cut();
        var problem = await (await caller.Get("/find")).ShouldBeProblem(503, "dependency.unavailable");
        Assert.Equal("people", problem.GetProperty("dependency").GetString());
        _first.Restore();
        Assert.Equal("hello", await caller.Client.GetStringAsync("/find"));
    }

    [Fact]
    public async Task AServiceThatHangsIsNotWaitedFor()
    {
        await using var caller = await Caller([_first], builder => builder.Configuration["Calls:Timeout"] = "00:00:00.100");
        _answer = async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return Results.Ok();
        };
        await (await caller.Get("/find")).ShouldBeProblem(503, "dependency.unavailable");
    }

    [Fact]
    public async Task AServiceThatKeepsFailingIsLeftAloneForAWhileAndThenAskedAgain()
    {
        var clock = new ManualClock();
        await using var caller = await Caller([_first], builder => builder.Services.AddSingleton<TimeProvider>(clock));
        _answer = _ => Task.FromResult(Results.StatusCode(500));
        for (var i = 0; i < 20; i++) await (await caller.Get("/add")).ShouldBeProblem(503, "dependency.unavailable");
        Assert.Equal(10, _heard.Count);
        Assert.Equal(2, BreakerOf(caller));

        _answer = _ => Task.FromResult(Results.Ok());
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("200", await caller.Client.GetStringAsync("/add"));
        Assert.Equal(0, BreakerOf(caller));
    }

    [Fact]
    public async Task ACallerWhoLeavesStopsTheCall()
    {
        await using var caller = await Caller(_first);
        var gone = new TaskCompletionSource();
        _answer = async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            gone.SetResult();
            return Results.Ok();
        };
        using var leaving = new CancellationTokenSource();
        var call = caller.App.Services.GetRequiredService<People>().Find(leaving.Token);
        await Eventually.Holds(() => !_heard.IsEmpty, "the call has arrived");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await gone.Task;
        Assert.Single(_heard);
    }

    private static int BreakerOf(TestService caller) => Measured.Read<int>(caller.App.Services, "fitflow.calls.breaker").Single();

    private static Task<TestService> Caller(params CuttableProxy[] addresses) => Caller(addresses, _ => { });

    private static Task<TestService> Caller(CuttableProxy[] addresses, Action<WebApplicationBuilder> configure) => TestService.Start(
        app =>
        {
            app.MapGet("/find", (People people, CancellationToken ct) => people.Find(ct)).Public();
            app.MapGet("/add", async (People people, CancellationToken ct) => $"{(int)await people.Add(ct)}").Public();
            app.MapGet("/search", async (People people, CancellationToken ct) => $"{(int)await people.Search(ct)}").Public();
            app.MapGroup("/studio").InStudio().MapGet("/find", (People people, CancellationToken ct) => people.Find(ct)).Allow(Role.Everyone);
        },
        builder =>
        {
            builder.Services.AddServiceClient<People>("people");
            for (var i = 0; i < addresses.Length; i++) builder.Configuration[$"services:people:http:{i}"] = $"http://{addresses[i].Address}";
            builder.Configuration["Calls:Timeout"] = "00:00:20";
            builder.Configuration["Calls:RetryDelay"] = "00:00:00.010";
            configure(builder);
        },
        name: "trial");
}

/// <summary>Reads what a service's meters say right now.</summary>
internal static class Measured
{
    public static IReadOnlyList<T> Read<T>(IServiceProvider services, string instrument) where T : struct
    {
        var scope = services.GetRequiredService<IMeterFactory>();
        var values = new List<T>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (found, self) =>
        {
            if (found.Name == instrument && ReferenceEquals(found.Meter.Scope, scope)) self.EnableMeasurementEvents(found);
        };
        listener.SetMeasurementEventCallback<T>((_, value, _, _) => values.Add(value));
        listener.Start();
        listener.RecordObservableInstruments();
        return values;
    }
}
