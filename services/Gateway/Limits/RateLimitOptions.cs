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
}

/// How a route's requests are counted; a route that does not say is not limited.
internal sealed class Counted
{
    public static readonly Counted ByAddress = new();
    public static readonly Counted ByPerson = new();
}
