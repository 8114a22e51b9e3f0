namespace FitFlow.Gateway.Limits;

/// So many requests in so long (section RateLimits).
internal sealed class RateLimit
{
    public int Limit { get; set; }

    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(15);
}

/// Who may call how often.
internal sealed class RateLimitOptions
{
    /// For each address, on the routes that sign people in.
    public RateLimit Anonymous { get; set; } = new() { Limit = 100 };

    /// For each person, on all others.
    public RateLimit SignedIn { get; set; } = new() { Limit = 1_000 };

    /// For each calendar that programs subscribe to: they ask a few times an hour, on each of a person's devices.
    public RateLimit Feed { get; set; } = new() { Limit = 60 };

    /// For each address that asks for such calendars, whosever: a calendar service asks for very many from a few addresses.
    public RateLimit FeedReader { get; set; } = new() { Limit = 6_000 };
}

/// How a route's requests are counted; a route that does not say is not limited.
internal sealed class Counted
{
    public static readonly Counted ByAddress = new();
    public static readonly Counted ByPerson = new();
    public static readonly Counted ByFeed = new();
}
