using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;

namespace FitFlow.ServiceDefaults.Tests.Caching;

public sealed class RedisTests : IAsyncLifetime
{
    // So that a busy machine is not taken for an outage, where none is meant.
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(20);

    private readonly string key = $"test:{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}";
    private CuttableProxy proxy = null!;
    private Redis redis = null!;
    private Redis other = null!;

    public ValueTask InitializeAsync()
    {
        (proxy, var connectionString) = CuttableProxy.For(Servers.Redis);
        redis = Connect(connectionString, Patient);
        other = Connect(Servers.Redis, Patient);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await other.Remove(key);
        await redis.DisposeAsync();
        await other.DisposeAsync();
        await proxy.DisposeAsync();
    }

    [Fact]
    public async Task ItKeepsAndForgets()
    {
        Assert.Null(await redis.Get(key));
        Assert.True(await redis.Set(key, [1, 2], TimeSpan.FromMinutes(1)));
        Assert.Equal([1, 2], await redis.Get(key));
        Assert.False(await redis.Set(key, [3], TimeSpan.FromMinutes(1), onlyIfNew: true));
        Assert.Equal([[1, 2], null], await redis.GetMany([key, key + "x"]));
        await redis.Remove(key);
        Assert.Null(await redis.Get(key));
        await redis.Set(key, [1], TimeSpan.FromMilliseconds(50));
        await Eventually.Holds(async () => await redis.Get(key) is null, "it has expired");
    }

    [Fact]
    public async Task AScriptRunsAsOneAndReturnsNumbers()
    {
        const string Count = "local n = redis.call('INCRBY', KEYS[1], ARGV[1]); redis.call('PEXPIRE', KEYS[1], 60000); return {n, 7}";
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => redis.Script(Count, [key], ["2"])));
        Assert.Equal(new long[] { 102, 7 }, await redis.Script(Count, [key], ["2"]));
        Assert.Equal(new long[] { 5 }, await redis.Script("return 5", [], []));
        Assert.Empty(await redis.Script("return nil", [], []));
    }

    [Fact]
    public async Task AWrongScriptIsOurFaultAndNoOutage()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => redis.Script("return nonsense(", [], []));
        Assert.IsNotType<DependencyDownException>(error);
        await redis.Ping();
    }

    [Fact]
    public async Task WithoutItCallsFailAndAfterwardsAllIsAsBefore()
    {
        await redis.Set(key, [1], TimeSpan.FromMinutes(1));
        proxy.Cut();
        for (var i = 0; i < 5; i++) Assert.Equal("redis", (await Assert.ThrowsAsync<DependencyDownException>(() => redis.Get(key))).Dependency);
        proxy.Restore();
        await Eventually.Holds(() => Answers(redis), "it has connected again");
        Assert.Equal([1], await redis.Get(key));
    }

    [Fact]
    public async Task OneThatHangsIsNotWaitedForAndIsFoundAgainWhenItAnswers()
    {
        await using var hasty = Connect($"{proxy.Address}{Servers.Redis[Servers.Redis.IndexOf(',', StringComparison.Ordinal)..]}", TimeSpan.FromMilliseconds(100));
        await Eventually.Holds(() => Answers(hasty), "it has connected");
        proxy.Silence();
        await Eventually.Holds(async () => !await Answers(hasty), "it is given up");
        proxy.Restore();
        await Eventually.Holds(() => Answers(hasty), "it has connected again");
    }

    [Fact]
    public async Task ItMayComeUpLaterThanTheService()
    {
        proxy.Cut();
        var heard = new ConcurrentQueue<string>();
        redis.Subscribe(key, heard.Enqueue);
        await Assert.ThrowsAsync<DependencyDownException>(() => redis.Get(key));
        proxy.Restore();
        await Eventually.Holds(() => Answers(redis), "it has connected");
        await Eventually.Holds(async () =>
        {
            await other.Publish(key, "hello");
            return !heard.IsEmpty;
        }, "it hears");
    }

    [Fact]
    public async Task WhoSubscribesHearsAgainAfterAnOutageAndKnowsOfTheGap()
    {
        var heard = new ConcurrentQueue<string>();
        var gaps = 0;
        redis.Subscribe(key, message =>
        {
            heard.Enqueue(message);
            if (message == "bad") throw new InvalidOperationException("one bad message");
        }, () => Interlocked.Increment(ref gaps));
        await Eventually.Holds(async () =>
        {
            await other.Publish(key, "bad");
            return !heard.IsEmpty;
        }, "it hears");
        Assert.Equal(0, gaps);

        proxy.Cut();
        await other.Publish(key, "lost");
        proxy.Restore();
        await Eventually.Holds(() => gaps > 0, "it is told of the gap");
        await Eventually.Holds(async () =>
        {
            await other.Publish(key, "after");
            return heard.Contains("after");
        }, "it hears again");
        Assert.DoesNotContain("lost", heard);

        // Once per message: an outage leaves no second subscription behind.
        await other.Publish(key, "last");
        await Eventually.Holds(() => heard.Contains("last"), "the last is heard");
        Assert.Single(heard, "last");
    }

    [Fact]
    public async Task AThousandCallersShareAFewConnections()
    {
        await redis.Ping();
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => redis.Set(key, [(byte)i], TimeSpan.FromMinutes(1))));
        Assert.InRange(proxy.Open, 1, 10);
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
