using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;

namespace FitFlow.ServiceDefaults;

/// <summary>
/// Features that are on for some studios. Said in Redis for one studio, else in Redis for all, else in the configuration
/// (<c>Flags:name</c> = true, false or a list of studio ids), else off. Looked up again every few seconds; while Redis is away, as last seen.
/// </summary>
public sealed class Flags(Redis redis, IConfiguration configuration, TimeProvider clock)
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Forever = TimeSpan.FromDays(3650);

    private readonly ConcurrentDictionary<(string Name, Guid Studio), Seen> _seen = new();

    public async ValueTask<bool> IsOn(string name, Guid studio, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        if (_seen.TryGetValue((name, studio), out var known) && now - known.At < GoodFor) return known.Override ?? Configured(name, studio);

        bool? found;
        try
        {
            found = await Overridden(name, studio, ct);
        }
        catch (DependencyDownException)
        {
            found = known?.Override;
        }

        _seen[(name, studio)] = new Seen(found, now);
        return found ?? Configured(name, studio);
    }

    /// <summary>Says it for one studio, or for all (null). A null <paramref name="on"/> takes back what was said.</summary>
    public async Task Set(string name, Guid? studio, bool? on, CancellationToken ct)
    {
        var key = KeyOf(name, studio);
        if (on is { } value) await redis.Set(key, value ? "1"u8.ToArray() : "0"u8.ToArray(), Forever, ct: ct);
        else await redis.Remove(key, ct);
        foreach (var stale in _seen.Keys.Where(entry => entry.Name == name)) _seen.TryRemove(stale, out _);
    }

    private async Task<bool?> Overridden(string name, Guid studio, CancellationToken ct)
    {
        var said = await redis.GetMany([KeyOf(name, studio), KeyOf(name, studio: null)], ct);
        return (said[0] ?? said[1]) is { } value ? value.AsSpan().SequenceEqual("1"u8) : null;
    }

    private bool Configured(string name, Guid studio) =>
        bool.TryParse(configuration[$"Flags:{name}"], out var on)
            ? on
            : (configuration[$"Flags:{name}"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Any(id => Guid.TryParse(id, out var listed) && listed == studio);

    private static string KeyOf(string name, Guid? studio) => studio is { } id ? $"flags:{name}:{id}" : $"flags:{name}";

    private sealed record Seen(bool? Override, DateTimeOffset At);
}
