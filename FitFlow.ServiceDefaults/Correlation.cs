namespace FitFlow.ServiceDefaults;

/// <summary>What ties together everything that one request or event sets in motion: log lines, calls, events.</summary>
public sealed record Correlation(string Id, Guid? UserId = null)
{
    public const string Header = "X-Correlation-Id";

    private static readonly AsyncLocal<Correlation?> Ambient = new();

    /// <summary>The correlation of the work that is running, if any.</summary>
    public static Correlation? Current => Ambient.Value;

    /// <summary>One for work that nobody gave an id to.</summary>
    public static Correlation New(TimeProvider clock) => new(Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"));

    /// <summary>Makes <paramref name="correlation"/> the current one for everything awaited from here.</summary>
    public static void Begin(Correlation correlation) => Ambient.Value = correlation;
}
