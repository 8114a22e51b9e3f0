namespace FitFlow.Data.Events;

/// <summary>The numbers. Nothing sets them but tests.</summary>
internal sealed record EventSettings
{
    /// <summary>
    /// Connections that all reactions of a process may use at once; the pool has twelve, so that requests keep the most of them however
    /// much there is to consume.
    /// </summary>
    public int Connections { get; init; } = 4;

    /// <summary>Messages in one transaction. All of them are done again, one by one, when one of them fails.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>One batch at work, one waiting.</summary>
    public int Prefetch { get; init; } = 200;

    /// <summary>How long a batch waits to become full.</summary>
    public TimeSpan BatchPatience { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Most events that the relay has under way at once.</summary>
    public int RelayBatch { get; init; } = 500;

    /// <summary>The relay's pause after it sent something: what comes meanwhile goes together.</summary>
    public TimeSpan RelayPause { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How often the relay looks when nobody in its own process woke it: another replica may have appended.</summary>
    public TimeSpan PollFast { get; init; } = TimeSpan.FromMilliseconds(25);

    public TimeSpan PollSlow { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a batch may take to be confirmed.</summary>
    public TimeSpan PublishPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Longer than anything that the holder of the lease does between two statements (<see cref="PublishPatience"/> and then <see cref="Backoff"/>);
    /// MySQL ends the lease of who is silent for longer.
    /// </summary>
    public int LeaseSeconds { get; init; } = 30;

    /// <summary>In memory, while the queue waits.</summary>
    public IReadOnlyList<TimeSpan> ShortRetries { get; init; } = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(1)];

    /// <summary>As rows: 5 s, 15 s, 45 s, … an hour.</summary>
    public Func<int, TimeSpan> LongRetry { get; init; } = attempt =>
        TimeSpan.FromSeconds(Math.Min(3_600, 5 * Math.Pow(3, Math.Min(attempt - 1, 10))) * (0.8 + (Random.Shared.NextDouble() * 0.4)));

    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How often due retries are looked for.</summary>
    public TimeSpan RetryPoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the inbox remembers what was done, and so how long after that a repeat is harmless: longer than any retry, outage or replay of
    /// an error queue. inbox_versions is kept: it has one row per aggregate, and an old state that comes again is older for ever.
    /// </summary>
    public TimeSpan InboxKeeps { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How often the inbox is swept; while there is more to sweep, at once.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>While a server is away: 0.1 s, 0.2 s, … 5 s, each a little different.</summary>
    public Func<int, TimeSpan> Backoff { get; init; } = attempt =>
        TimeSpan.FromSeconds(Math.Min(5, 0.1 * Math.Pow(2, Math.Min(attempt - 1, 10))) * (0.8 + (Random.Shared.NextDouble() * 0.4)));

    /// <summary>Where tests kill: called before every step with its name.</summary>
    public Action<string>? Step { get; init; }
}
