using System.Collections.Concurrent;
using System.Globalization;
using FitFlow.ServiceDefaults;

namespace FitFlow.Gateway.Limits;

/// Whether one more request is within the limit, and what is left of it until when.
internal readonly record struct Verdict(bool Allowed, int Remaining, TimeSpan Reset);

/// What everybody has left, counted in Redis for all gateways together: never more than the limit. A gateway fetches some requests in advance,
/// fewer the less is left, so that most of them ask nobody; and whoever has none left is refused without asking either. While Redis is away
/// each gateway goes on counting by itself.
internal sealed partial class Budgets(Redis redis, TimeProvider clock, ILogger<Budgets> logger)
{
    private const int Capacity = 100_000;
    private const int Batch = 20;
    private const int LeaveForOthers = 16;

    /// One number under the key: what was handed out in the window, which begins with the first request.
    private const string Fetch =
        """
        local used = tonumber(redis.call('GET', KEYS[1]) or '0')
        local left = tonumber(ARGV[1]) - used
        local window = tonumber(ARGV[2])
        local granted = math.min(left, math.max(tonumber(ARGV[3]), math.min(tonumber(ARGV[4]), math.floor(left / tonumber(ARGV[5])))))
        if granted > 0 then used = redis.call('INCRBY', KEYS[1], granted) else granted = 0 end
        local ends = redis.call('PTTL', KEYS[1])
        if ends < 0 then
          redis.call('PEXPIRE', KEYS[1], window)
          ends = window
        end
        return {granted, used, ends}
        """;

    private readonly Lock _turning = new();
    private ConcurrentDictionary<string, Budget> _young = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, Budget> _old = new(StringComparer.Ordinal);
    private int _alone;

    public async ValueTask<Verdict> Take(string key, RateLimit limit, CancellationToken ct)
    {
        var budget = Find(key);
        while (true)
        {
            Task fetching;
            lock (budget)
            {
                var left = clock.GetElapsedTime(clock.GetTimestamp(), budget.EndsAt);
                if (left <= TimeSpan.Zero) budget.BeginAnew();
                if (budget.Granted > 0)
                {
                    budget.Granted--;
                    return new Verdict(Allowed: true, Math.Max(limit.Limit - budget.Used + budget.Granted, 0), left);
                }

                if (budget.Used >= limit.Limit) return new Verdict(Allowed: false, 0, left);

                budget.Waiting++;
                if (budget.Fetching is not { IsCompleted: false }) budget.Fetching = Refill(key, budget, limit);
                fetching = budget.Fetching;
            }

            await fetching.WaitAsync(ct);
        }
    }

    /// For all who wait at that moment, and not with the cancellation of one of them.
    private async Task Refill(string key, Budget budget, RateLimit limit)
    {
        await Task.Yield(); // Whoever started this holds the lock.
        var waiting = 1;
        try
        {
            lock (budget) (waiting, budget.Waiting) = (budget.Waiting, 0);
            var answer = await redis.Script(Fetch, [key], [Text(limit.Limit), Text((long)limit.Window.TotalMilliseconds), Text(waiting), Text(Batch), Text(LeaveForOthers)]);
            lock (budget)
            {
                budget.Granted += (int)answer[0];
                budget.Used = (int)Math.Min(answer[1], int.MaxValue);
                budget.EndsAt = After(TimeSpan.FromMilliseconds(answer[2]));
            }

            if (Interlocked.Exchange(ref _alone, 0) == 1) LogTogether();
        }
        catch (DependencyDownException)
        {
            if (Interlocked.Exchange(ref _alone, 1) == 0) LogAlone();
            lock (budget)
            {
                if (budget.Used == 0) budget.EndsAt = After(limit.Window);
                var granted = Math.Min(limit.Limit - budget.Used, waiting);
                budget.Granted += granted;
                budget.Used += granted;
            }
        }
    }

    private long After(TimeSpan time) => clock.GetTimestamp() + (long)(time.TotalSeconds * clock.TimestampFrequency);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// Two generations keep it bounded, whoever calls from however many addresses: what nobody asked for in a while is forgotten here, not in Redis.
    private Budget Find(string key)
    {
        if (_young.TryGetValue(key, out var found)) return found;

        var budget = _young.GetOrAdd(key, _old.TryGetValue(key, out var known) ? known : new Budget());
        if (_young.Count < Capacity / 2) return budget;
        lock (_turning)
        {
            if (_young.Count < Capacity / 2) return budget;
            _old = _young;
            _young = new ConcurrentDictionary<string, Budget>(StringComparer.Ordinal);
        }

        return budget;
    }

    /// One person's or address's, as this gateway knows it.
    private sealed class Budget
    {
        public int Waiting { get; set; }

        public int Granted { get; set; }

        public int Used { get; set; }

        public long EndsAt { get; set; }

        public Task? Fetching { get; set; }

        public void BeginAnew() => (Granted, Used) = (0, 0);
    }

    [LoggerMessage(LogLevel.Warning, "Redis is away: rate limits are counted by this gateway alone until it is back")]
    private partial void LogAlone();

    [LoggerMessage(LogLevel.Information, "Rate limits are counted for all gateways together again")]
    private partial void LogTogether();
}
