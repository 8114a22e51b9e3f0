using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;

namespace FitFlow.ServiceDefaults.Tests.Caching;

public sealed class RedisTests : IAsyncLifetime
{
    // So that a busy machine is not taken for an outage, where none is meant.
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(20);

    private readonly string _key = $"test:{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}";
    private CuttableProxy _proxy = null!;
    private Redis _redis = null!;
    private Redis _other = null!;

    public ValueTask InitializeAsync()
    {
        (_proxy, var connectionString) = CuttableProxy.For(Servers.Redis);
        _redis = Connect(connectionString, Patient);
        _other = Connect(Servers.Redis, Patient);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _other.Remove(_key);
        await _redis.DisposeAsync();
        await _other.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task ItKeepsAndForgets()
    {
        Assert.Null(await _redis.Get(_key));
        Assert.True(await _redis.Set(_key, [1, 2], TimeSpan.FromMinutes(1)));
        Assert.Equal([1, 2], await _redis.Get(_key));
        Assert.False(await _redis.Set(_key, [3], TimeSpan.FromMinutes(1), onlyIfNew: true));
        Assert.Equal([[1, 2], null], await _redis.GetMany([_key, _key + "x"]));
        await _redis.Remove(_key);
        Assert.Null(await _redis.Get(_key));
        await _redis.Set(_key, [1], TimeSpan.FromMilliseconds(50));
        await Eventually.Holds(async () => await _redis.Get(_key) is null, "it has expired");
    }

    [Fact]
    public async Task OfManyWhoTakeOneGetsIt()
    {
        await _redis.Set(_key, [1, 2], TimeSpan.FromMinutes(1));

        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _redis.Take(_key)));

        Assert.Equal([1, 2], Assert.Single(taken, value => value is not null));
        Assert.Null(await _redis.Get(_key));
    }

    [Fact]
    public async Task AScriptRunsAsOneAndReturnsNumbers()
    {
        const string Count = "local n = redis.call('INCRBY', KEYS[1], ARGV[1]); redis.call('PEXPIRE', KEYS[1], 60000); return {n, 7}";
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _redis.Script(Count, [_key], ["2"])));
        Assert.Equal(new long[] { 102, 7 }, await _redis.Script(Count, [_key], ["2"]));
        Assert.Equal(new long[] { 5 }, await _redis.Script("return 5", [], []));
        Assert.Empty(await _redis.Script("return nil", [], []));
    }

    [Fact]
    public async Task AWrongScriptIsOurFaultAndNoOutage()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => _redis.Script("return nonsense(", [], []));
        Assert.IsNotType<DependencyDownException>(error);
        await _redis.Ping();
    }

    [Fact]
    public async Task WithoutItCallsFailAndAfterwardsAllIsAsBefore()
    {
        await _redis.Set(_key, [1], TimeSpan.FromMinutes(1));
        _proxy.Cut();
        for (var i = 0; i < 5; i++) Assert.Equal("redis", (await Assert.ThrowsAsync<DependencyDownException>(() => _redis.Get(_key))).Dependency);
        _proxy.Restore();
        await Eventually.Holds(() => Answers(_redis), "it has connected again");
        Assert.Equal([1], await _redis.Get(_key));
    }

    [Fact]
    public async Task OneThatHangsIsNotWaitedForAndIsFoundAgainWhenItAnswers()
    {
        await using var hasty = Connect($"{_proxy.Address}{Servers.Redis[Servers.Redis.IndexOf(',', StringComparison.Ordinal)..]}", TimeSpan.FromMilliseconds(100));
        await Eventually.Holds(() => Answers(hasty), "it has connected");
        _proxy.Silence();
        await Eventually.Holds(async () => !await Answers(hasty), "it is given up");
        _proxy.Restore();
        await Eventually.Holds(() => Answers(hasty), "it has connected again");
    }

    [Fact]
    public async Task ItMayComeUpLaterThanTheService()
    {
        _proxy.Cut();
        var heard = new ConcurrentQueue<string>();
        _redis.Subscribe(_key, heard.Enqueue);
        await Assert.ThrowsAsync<DependencyDownException>(() => _redis.Get(_key));
        _proxy.Restore();
        await Eventually.Holds(() => Answers(_redis), "it has connected");
        await Eventually.Holds(async () =>
        {
            await _other.Publish(_key, "hello");
            return !heard.IsEmpty;
        }, "it hears");
    }

    [Fact]
    public async Task WhoSubscribesHearsAgainAfterAnOutageAndKnowsOfTheGap()
    {
        var heard = new ConcurrentQueue<string>();
        var gaps = 0;
        _redis.Subscribe(_key, message =>
        {
            heard.Enqueue(message);
            if (message == "bad") throw new InvalidOperationException("one bad message");
        }, () => Interlocked.Increment(ref gaps));
        await Eventually.Holds(async () =>
        {
            await _other.Publish(_key, "bad");
            return !heard.IsEmpty;
        }, "it hears");
        Assert.Equal(0, gaps);

        _proxy.Cut();
        await _other.Publish(_key, "lost");
        _proxy.Restore();
        await Eventually.Holds(() => gaps > 0, "it is told of the gap");
        await Eventually.Holds(async () =>
        {
            await _other.Publish(_key, "after");
            return heard.Contains("after");
        }, "it hears again");
        Assert.DoesNotContain("lost", heard);

        // Once per message: an outage leaves no second subscription behind.
        await _other.Publish(_key, "last");
        await Eventually.Holds(() => heard.Contains("last"), "the last is heard");
        Assert.Single(heard, "last");
    }

    [Fact]
    public async Task AThousandCallersShareAFewConnections()
    {
        await _redis.Ping();
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => _redis.Set(_key, [(byte)i], TimeSpan.FromMinutes(1))));
        Assert.InRange(_proxy.Open, 1, 10);
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:notaport,nonsense=1")]
    public void AnAddressThatIsNoneIsOneClearLine(string connectionString)
    {
        var error = Assert.Throws<CannotStartException>(() => Connect(connectionString));
        Assert.Contains("ConnectionStrings__redis", error.Message, StringComparison.Ordinal);
    }

    private static async Task<bool> Answers(Redis redis)
    {
        try
        {
            await redis.Ping();
            return true;
        }
        catch (DependencyDownException)
        {
            return false;
        }
    }

    private static Redis Connect(string connectionString, TimeSpan? patience = null) =>
        new(connectionString, TimeProvider.System, NullLogger<Redis>.Instance, patience);
}
