using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FitFlow.ServiceDefaults.Tests.Caching;

public sealed class CacheTests : IAsyncLifetime
{
    private static readonly TimeSpan Ttl = TimeSpan.FromMinutes(5);

    private readonly string key = $"user:{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}";
    private CuttableProxy proxy = null!;
    private TestService service = null!;
    private TestService replica = null!;
    private int loads;

    private sealed record Profile(string FirstName, int Age);

    public async ValueTask InitializeAsync()
    {
        (proxy, var connectionString) = CuttableProxy.For(Servers.Redis);
        service = await Start(connectionString);
        replica = await Start(Servers.Redis);
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        await replica.DisposeAsync();
        await proxy.DisposeAsync();
    }

    [Fact]
    public async Task WhatWasLoadedIsKeptForAllReplicas()
    {
        Assert.Equal(new Profile("Ann", 1), await Get(service));
        Assert.Equal(new Profile("Ann", 1), await Get(service));
        Assert.Equal(new Profile("Ann", 1), await Get(replica));
    }

    [Fact]
    public async Task WhatIsInvalidatedIsLoadedAnew()
    {
        await Get(service);
        await Cache(replica).Remove(key, default);
        Assert.Equal(2, (await Get(service)).Age);

        await Get(service, tags: ["studio:1"]);
        var other = await Get(service, key + "b", ["studio:1"]);
        await Cache(replica).RemoveTagged("studio:1", default);
        Assert.NotEqual(other, await Get(service, key + "b", ["studio:1"]));
    }

    [Fact]
    public async Task WhatWasBeingLoadedWhileItWasInvalidatedIsNotKept()
    {
        await Cache(service).GetOrAdd(key, Ttl, async ct =>
        {
            await Cache(replica).Remove(key, ct);
            return new Profile("stale", 0);
        }, default);
        Assert.Equal("Ann", (await Get(service)).FirstName);
    }

    [Fact]
    public async Task ManyWhoAskAtOnceLoadOnce()
    {
        var release = new TaskCompletionSource();
        var all = Enumerable.Range(0, 100).Select(_ => Cache(service).GetOrAdd(key, Ttl, async _ =>
        {
            Interlocked.Increment(ref loads);
            await release.Task;
            return new Profile("Ann", 1);
        }, default)).ToList();
        await Eventually.Holds(() => loads > 0, "one loads");
        release.SetResult();
        await Task.WhenAll(all);
        Assert.Equal(1, loads);
    }

    [Fact]
    public async Task WhoeverLoadsMayLeaveWithoutTakingTheOthersAlong()
    {
        using var leaving = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var first = Cache(service).GetOrAdd(key, Ttl, async ct =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, ct);
            return new Profile("never", 0);
        }, leaving.Token);
        await started.Task;
        var second = Get(service);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal("Ann", (await second).FirstName);
    }

    [Fact]
    public async Task AFailureIsEverybodysAndIsNotKept()
    {
        await Assert.ThrowsAsync<DependencyDownException>(() =>
            Cache(service).GetOrAdd<Profile>(key, Ttl, _ => throw new DependencyDownException("identity"), default));
        Assert.Equal("Ann", (await Get(service)).FirstName);
    }

    [Fact]
    public async Task NothingIsKeptOnlyIfAsked()
    {
        await GetNull(null);
        await GetNull(null);
        Assert.Equal(2, loads);
        await GetNull(TimeSpan.FromMinutes(1));
        await GetNull(TimeSpan.FromMinutes(1));
        Assert.Equal(3, loads);

        Task<Profile?> GetNull(TimeSpan? nullTtl) => Cache(service).GetOrAdd<Profile?>(key, Ttl, _ =>
        {
            loads++;
            return Task.FromResult<Profile?>(null);
        }, default, nullTtl: nullTtl);
    }

    [Fact]
    public async Task WithoutRedisItGoesOnAndAnInvalidationIsNotSwallowed()
    {
        proxy.Cut();
        Assert.Equal(1, (await Get(service)).Age);
        Assert.Equal(2, (await Get(service)).Age);
        await Assert.ThrowsAsync<DependencyDownException>(() => Cache(service).Remove(key, default));

        proxy.Restore();
        await Eventually.Holds(async () => (await Get(service)).Age == (await Get(service)).Age, "it is kept again");
    }

    [Fact]
    public async Task AnotherShapeUnderTheSameKeyIsLoadedAnewAndKept()
    {
        await Cache(service).GetOrAdd(key, Ttl, _ => Task.FromResult("text"), default);
        Assert.Equal(1, (await Get(service)).Age);
        Assert.Equal(1, (await Get(service)).Age);
    }

    private Task<Profile> Get(TestService at, string? other = null, IReadOnlyList<string>? tags = null) =>
        Cache(at).GetOrAdd(other ?? key, Ttl, _ => Task.FromResult(new Profile("Ann", Interlocked.Increment(ref loads))), default, tags);

    private static Cache Cache(TestService at) => at.App.Services.GetRequiredService<Cache>();

    // Patient, so that a busy machine is not taken for an outage: the outages here are refusals.
    private static Task<TestService> Start(string connectionString) => TestService.Start(_ => { }, builder =>
    {
        builder.Configuration["ConnectionStrings:redis"] = connectionString;
        builder.Configuration["Redis:Timeout"] = "00:00:20";
    });
}
