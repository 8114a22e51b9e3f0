using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FitFlow.ServiceDefaults.Tests.Caching;

public sealed class CacheTests : IAsyncLifetime
{
    private static readonly TimeSpan Ttl = TimeSpan.FromMinutes(5);

    private readonly string _key = $"user:{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}";
    private CuttableProxy _proxy = null!;
    private TestService _service = null!;
    private TestService _replica = null!;
    private int _loads;

    private sealed record Profile(string FirstName, int Age);

    public async ValueTask InitializeAsync()
    {
        (_proxy, var connectionString) = CuttableProxy.For(Servers.Redis);
        _service = await Start(connectionString);
        _replica = await Start(Servers.Redis);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _replica.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task WhatWasLoadedIsKeptForAllReplicas()
    {
        Assert.Equal(new Profile("Ann", 1), await Get(_service));
        Assert.Equal(new Profile("Ann", 1), await Get(_service));
        Assert.Equal(new Profile("Ann", 1), await Get(_replica));
    }

    [Fact]
    public async Task WhatIsInvalidatedIsLoadedAnew()
    {
        await Get(_service);
        await Cache(_replica).Remove(_key, default);
        Assert.Equal(2, (await Get(_service)).Age);

        await Get(_service, tags: ["studio:1"]);
        var other = await Get(_service, _key + "b", ["studio:1"]);
        await Cache(_replica).RemoveTagged("studio:1", default);
        Assert.NotEqual(other, await Get(_service, _key + "b", ["studio:1"]));
    }

    [Fact]
    public async Task WhatWasBeingLoadedWhileItWasInvalidatedIsNotKept()
    {
        await Cache(_service).GetOrAdd(_key, Ttl, async ct =>
        {
            await Cache(_replica).Remove(_key, ct);
            return new Profile("stale", 0);
        }, default);
        Assert.Equal("Ann", (await Get(_service)).FirstName);
    }

    [Fact]
    public async Task ManyWhoAskAtOnceLoadOnce()
    {
        var release = new TaskCompletionSource();
        var all = Enumerable.Range(0, 100).Select(_ => Cache(_service).GetOrAdd(_key, Ttl, async _ =>
        {
            Interlocked.Increment(ref _loads);
            await release.Task;
            return new Profile("Ann", 1);
        }, default)).ToList();
        await Eventually.Holds(() => _loads > 0, "one loads");
        release.SetResult();
        await Task.WhenAll(all);
        Assert.Equal(1, _loads);
    }

    [Fact]
    public async Task WhoeverLoadsMayLeaveWithoutTakingTheOthersAlong()
    {
        using var leaving = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var first = Cache(_service).GetOrAdd(_key, Ttl, async ct =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, ct);
            return new Profile("never", 0);
        }, leaving.Token);
        await started.Task;
        var second = Get(_service);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal("Ann", (await second).FirstName);
    }

    [Fact]
    public async Task AFailureIsEverybodysAndIsNotKept()
    {
        await Assert.ThrowsAsync<DependencyDownException>(() =>
            Cache(_service).GetOrAdd<Profile>(_key, Ttl, _ => throw new DependencyDownException("identity"), default));
        Assert.Equal("Ann", (await Get(_service)).FirstName);
    }

    [Fact]
    public async Task NothingIsKeptOnlyIfAsked()
    {
        await GetNull(null);
        await GetNull(null);
        Assert.Equal(2, _loads);
        await GetNull(TimeSpan.FromMinutes(1));
        await GetNull(TimeSpan.FromMinutes(1));
        Assert.Equal(3, _loads);

        Task<Profile?> GetNull(TimeSpan? nullTtl) => Cache(_service).GetOrAdd<Profile?>(_key, Ttl, _ =>
        {
            _loads++;
            return Task.FromResult<Profile?>(null);
        }, default, nullTtl: nullTtl);
    }

    [Fact]
    public async Task WithoutRedisItGoesOnAndAnInvalidationIsNotSwallowed()
    {
        _proxy.Cut();
        Assert.Equal(1, (await Get(_service)).Age);
        Assert.Equal(2, (await Get(_service)).Age);
        await Assert.ThrowsAsync<DependencyDownException>(() => Cache(_service).Remove(_key, default));

        _proxy.Restore();
        await Eventually.Holds(async () => (await Get(_service)).Age == (await Get(_service)).Age, "it is kept again");
    }

    [Fact]
    public async Task AnotherShapeUnderTheSameKeyIsLoadedAnewAndKept()
    {
        await Cache(_service).GetOrAdd(_key, Ttl, _ => Task.FromResult("text"), default);
        Assert.Equal(1, (await Get(_service)).Age);
        Assert.Equal(1, (await Get(_service)).Age);
    }

    private Task<Profile> Get(TestService at, string? other = null, IReadOnlyList<string>? tags = null) =>
        Cache(at).GetOrAdd(other ?? _key, Ttl, _ => Task.FromResult(new Profile("Ann", Interlocked.Increment(ref _loads))), default, tags);

    private static Cache Cache(TestService at) => at.App.Services.GetRequiredService<Cache>();

    // Patient, so that a busy machine is not taken for an outage: the outages here are refusals.
    private static Task<TestService> Start(string connectionString) => TestService.Start(_ => { }, builder =>
    {
        builder.Configuration["ConnectionStrings:redis"] = connectionString;
        builder.Configuration["Redis:Timeout"] = "00:00:20";
    });
}
