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

    [Fact]
    public async Task OfManyOnlyThoseThatAreMissingAreLoadedAllInOne()
    {
        await GetMany(_service, [1, 2]);
        var asked = new List<int>();

        var found = await GetMany(_replica, [1, 2, 3, 3, 4], missing => asked.AddRange(missing));

        Assert.Equal([3, 4], asked);
        Assert.Equal([1, 1, 2, 2], new[] { 1, 2, 3, 4 }.Select(id => found[id]!.Age));
        Assert.Equal(1, (await Cache(_service).GetOrAdd($"{_key}:1", Ttl, _ => Task.FromResult(new Profile("other", 9)), default, ["tag:1", _key])).Age);
    }

    [Fact]
    public async Task OfManyEachIsInvalidatedByItsKeyAndByItsTags()
    {
        await GetMany(_service, [1, 2, 3]);
        await Cache(_replica).Remove($"{_key}:1", default);
        await Cache(_replica).RemoveTagged("tag:2", default);
        Assert.Equal([2, 2, 1], (await GetMany(_service, [1, 2, 3])).OrderBy(one => one.Key).Select(one => one.Value!.Age));

        await Cache(_replica).RemoveTagged(_key, default);
        Assert.Equal([3, 3, 3], (await GetMany(_service, [1, 2, 3])).Values.Select(one => one!.Age));
    }

    [Fact]
    public async Task OfManyWhatWasBeingLoadedWhileItWasInvalidatedIsNotKept()
    {
        await Cache(_service).GetOrAddMany(new[] { 1, 2 }, id => $"{_key}:{id}", Ttl, async (ids, ct) =>
        {
            await Cache(_replica).RemoveTagged("tag:1", ct);
            return ids.ToDictionary(id => id, _ => new Profile("stale", 0)) as IReadOnlyDictionary<int, Profile>;
        }, default, id => [$"tag:{id}", _key]);

        var found = await GetMany(_service, [1, 2]);
        Assert.Equal(("Ann", "stale"), (found[1]!.FirstName, found[2]!.FirstName));
    }

    [Fact]
    public async Task OfManyNothingIsKeptOnlyIfAskedAndWhatTheLoadIsSilentAboutNever()
    {
        for (var i = 0; i < 2; i++) Assert.Equal([2], (await Load(null)).Keys);
        Assert.Equal(2, _loads);
        for (var i = 0; i < 2; i++) Assert.Null((await Load(TimeSpan.FromMinutes(1)))[2]);
        Assert.Equal(4, _loads);
        Assert.Equal([1], (await GetMany(_service, [1, 2])).Where(one => one.Value is not null).Select(one => one.Key));

        Task<IReadOnlyDictionary<int, Profile?>> Load(TimeSpan? nullTtl) => Cache(_service).GetOrAddMany(
            new[] { 1, 2 }, id => $"{_key}:{id}", Ttl, (_, _) =>
            {
                _loads++;
                return Task.FromResult<IReadOnlyDictionary<int, Profile?>>(new Dictionary<int, Profile?> { [2] = null });
            }, default, id => [$"tag:{id}", _key], nullTtl);
    }

    [Fact]
    public async Task OfManyAllAreLoadedWithoutRedis()
    {
        await GetMany(_service, [1, 2]);
        _proxy.Cut();
        Assert.Equal([2, 2], (await GetMany(_service, [1, 2])).Values.Select(one => one!.Age));
    }

    [Fact]
    public async Task NoneOfManyAsksNobody() => Assert.Empty(await GetMany(_service, [], _ => Assert.Fail("nothing to load")));

    private Task<IReadOnlyDictionary<int, Profile?>> GetMany(TestService at, int[] ids, Action<IReadOnlyList<int>>? asked = null) =>
        Cache(at).GetOrAddMany(ids, id => $"{_key}:{id}", Ttl, (missing, _) =>
        {
            asked?.Invoke(missing);
            _loads++;
            return Task.FromResult<IReadOnlyDictionary<int, Profile?>>(missing.ToDictionary(id => id, _ => (Profile?)new Profile("Ann", _loads)));
        }, default, id => [$"tag:{id}", _key]);

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
