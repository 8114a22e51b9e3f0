using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace FitFlow.ServiceDefaults;

/// <summary>
/// The one place that knows a Redis client. Connects in the background and again by itself; while Redis is away every call fails at once, or at
/// the latest after a second, with <see cref="DependencyDownException"/>, and whoever can go on without it does.
/// </summary>
public sealed partial class Redis : IAsyncDisposable
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    // One slow answer is no outage: only several in a row make the next callers skip their wait.
    private const int FailuresBeforeRest = 3;

    // As a script, since the client's API is older than the command, which Redis has since 6.2.
    private const string TakeScript = "local value = redis.call('GET', KEYS[1]) redis.call('DEL', KEYS[1]) return value";

    private static readonly string[] Excuses = ["LOADING", "OOM", "MISCONF", "READONLY", "BUSY", "MASTERDOWN", "NOAUTH"];
    private static readonly ActivitySource Source = new("FitFlow.Redis");

    private readonly ILogger<Redis> _logger;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _patience;
    private readonly Lazy<Task<ConnectionMultiplexer>> _connection;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Action> _missed = [];
    private int _failures;
    private long _restsUntil;

    public Redis(string connectionString, TimeProvider clock, ILogger<Redis> logger, TimeSpan? patience = null)
    {
        _patience = patience ?? DefaultPatience;
        _clock = clock;
        _logger = logger;
        var options = Read(connectionString);
        _connection = new(() => Task.Run(() => Connect(options)));
    }

    public Task<byte[]?> Get(string key, CancellationToken ct = default) =>
        Do<byte[]?>("GET", async database => await database.StringGetAsync(key), ct);

    public Task<byte[]?[]> GetMany(IEnumerable<string> keys, CancellationToken ct = default) =>
        Do("MGET", async database => Array.ConvertAll(await database.StringGetAsync([.. keys.Select(key => (RedisKey)key)]), value => (byte[]?)value), ct);

    /// <summary>False only with <paramref name="onlyIfNew"/>, when the key was there.</summary>
    public Task<bool> Set(string key, byte[] value, TimeSpan ttl, bool onlyIfNew = false, CancellationToken ct = default) =>
        Do("SET", database => database.StringSetAsync(key, value, ttl, onlyIfNew ? When.NotExists : When.Always), ct);

    /// <summary>What is there, and removes it in the same step: of several who take it, one gets it.</summary>
    public Task<byte[]?> Take(string key, CancellationToken ct = default) =>
        Do<byte[]?>("GETDEL", async database => (byte[]?)await database.ScriptEvaluateAsync(TakeScript, [key]), ct);

    public Task Remove(string key, CancellationToken ct = default) => Do("DEL", database => database.KeyDeleteAsync(key), ct);

    public Task Publish(string channel, string message, CancellationToken ct = default) =>
        Do("PUBLISH", database => database.PublishAsync(channel, message), ct);

    /// <summary>Runs Lua, atomically; numbers come back, one or several.</summary>
    public Task<long[]> Script(string lua, IReadOnlyList<string> keys, IReadOnlyList<string> arguments, CancellationToken ct = default) =>
        Do("EVAL", async database =>
        {
            var result = await database.ScriptEvaluateAsync(lua, [.. keys.Select(key => (RedisKey)key)], [.. arguments.Select(argument => (RedisValue)argument)]);
            return result.IsNull ? [] : (long[])result;
        }, ct);

    public Task<TimeSpan> Ping(CancellationToken ct = default) => Do("PING", database => database.PingAsync(), ct);

    /// <summary>
    /// Hears what is published from now on, for the life of the process, through every reconnection. Does not wait: if Redis is away, hearing
    /// begins when it is back. What was published while it was away is lost: <paramref name="onMissed"/> says that there may have been some.
    /// </summary>
    public void Subscribe(string channel, Action<string> hear, Action? onMissed = null)
    {
        if (onMissed is not null) _missed.Add(onMissed);
        _ = SubscribeOnceThere(channel, hear);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_connection is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } open }) (await open).Dispose();
        _stopping.Dispose();
    }

    /// <summary>Begins to connect, and does not wait for it.</summary>
    internal void Begin() => _ = _connection.Value;

    private static ConfigurationOptions Read(string connectionString)
    {
        try
        {
            var options = ConfigurationOptions.Parse(connectionString);
            if (options.EndPoints.Count == 0) throw new FormatException("It names no host.");
            options.AbortOnConnectFail = false;
            options.ConnectTimeout = 2_000;
            options.KeepAlive = 10;
            options.ReconnectRetryPolicy = new LinearRetry(500);
            return options;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new CannotStartException("ConnectionStrings__redis is not of the form host:port,password=…", exception);
        }
    }

    private async Task<ConnectionMultiplexer> Connect(ConfigurationOptions options)
    {
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(options);
        multiplexer.PreserveAsyncOrder = false;
        multiplexer.ConnectionFailed += (_, e) => LogLost($"{e.ConnectionType} {e.FailureType}");
        multiplexer.ConnectionRestored += (_, e) =>
        {
            Volatile.Write(ref _failures, 0);
            LogBack($"{e.ConnectionType}");
            if (e.ConnectionType != ConnectionType.Subscription) return;
            foreach (var tell in _missed) tell();
        };
        return multiplexer;
    }

    private async Task<T> Do<T>(string operation, Func<IDatabase, Task<T>> work, CancellationToken ct)
    {
        using var activity = Source.StartActivity($"redis {operation}", ActivityKind.Client);
        activity?.SetTag("db.system.name", "redis").SetTag("db.operation.name", operation);
        if (_clock.GetTimestamp() < Volatile.Read(ref _restsUntil)) throw new DependencyDownException("redis");
        try
        {
            var multiplexer = await _connection.Value.WaitAsync(_patience, _clock, ct);
            var result = await work(multiplexer.GetDatabase()).WaitAsync(_patience, _clock, ct);
            Volatile.Write(ref _failures, 0);
            return result;
        }
        catch (Exception exception) when (IsAway(exception))
        {
            if (Interlocked.Increment(ref _failures) >= FailuresBeforeRest)
                Volatile.Write(ref _restsUntil, _clock.GetTimestamp() + (long)(Rest.TotalSeconds * _clock.TimestampFrequency));
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw new DependencyDownException("redis", exception);
        }
    }

    /// <summary>It does not answer, or answers that it cannot: still loading, out of memory, its disk full. A wrong script is our fault and no outage.</summary>
    private static bool IsAway(Exception exception) => exception
        is RedisConnectionException or TimeoutException or ObjectDisposedException
        || (exception is RedisServerException && Excuses.Any(excuse => exception.Message.StartsWith(excuse, StringComparison.Ordinal)));

    private async Task SubscribeOnceThere(string channel, Action<string> hear)
    {
        void Hear(RedisChannel _, RedisValue message)
        {
            try
            {
                hear(message!);
            }
            catch (Exception exception)
            {
                // The next message must still be heard.
                LogDeaf(channel, exception);
            }
        }

        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var multiplexer = await _connection.Value;
                await multiplexer.GetSubscriber().SubscribeAsync(channel, Hear).WaitAsync(TimeSpan.FromSeconds(5), _clock, _stopping.Token);
                return;
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                LogNotSubscribed(channel, exception.Message);
                await Task.Delay(Rest, _clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return; // The service stops.
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Redis is away ({Why}); going on without it")]
    private partial void LogLost(string why);

    [LoggerMessage(LogLevel.Information, "Redis is back ({What})")]
    private partial void LogBack(string what);

    [LoggerMessage(LogLevel.Warning, "Could not subscribe to {Channel} yet: {Why}")]
    private partial void LogNotSubscribed(string channel, string why);

    [LoggerMessage(LogLevel.Error, "What came over {Channel} could not be handled")]
    private partial void LogDeaf(string channel, Exception exception);
}
