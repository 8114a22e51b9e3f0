using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace FitFlow.ServiceDefaults;

/// <summary>
/// What others own and this service reads often, kept in Redis under this service's name. Without Redis it goes on without cache. Every entry
/// carries the versions of its tags (its own key is one) as they were before it was loaded, and counts only while they are still the same: an
/// entry that was being loaded while it was invalidated is never taken for fresh.
/// </summary>
public sealed partial class Cache
{
    // Longer than any entry lives, so that no entry outlives the version that made it void.
    private static readonly TimeSpan VersionTtl = TimeSpan.FromDays(2);
    private static readonly TimeSpan MaxTtl = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, Task> _loading = new(StringComparer.Ordinal);
    private readonly Redis _redis;
    private readonly TimeProvider _clock;
    private readonly ILogger<Cache> _logger;
    private readonly string _prefix;
    private readonly Counter<long> _requests;

    public Cache(Redis redis, ServiceName service, TimeProvider clock, IMeterFactory meters, ILogger<Cache> logger)
    {
        (_redis, _clock, _logger) = (redis, clock, logger);
        _prefix = $"cache:{service}:";
        _requests = meters.Create("FitFlow.Cache").CreateCounter<long>("fitflow.cache.requests", description: "Lookups by cache and result: hit, miss, or bypassed while Redis is away");
    }

    /// <summary>
    /// What is kept under <paramref name="key"/> (<c>user:0197…</c>; what stands before the colon names the cache in metrics), or what
    /// <paramref name="load"/> finds, kept for <paramref name="ttl"/>. Many callers at once load once. Null is kept only if
    /// <paramref name="nullTtl"/> says for how long.
    /// </summary>
    public async Task<T> GetOrAdd<T>(
        string key, TimeSpan ttl, Func<CancellationToken, Task<T>> load, CancellationToken ct,
        IReadOnlyList<string>? tags = null, TimeSpan? nullTtl = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ttl, MaxTtl);
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var mine = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            var flight = _loading.GetOrAdd(key, mine.Task);
            if (flight == mine.Task) return await Fly(mine, () => FindOrLoad(key, ttl, load, [key, .. tags ?? []], nullTtl, ct), key, ct);

            // Another request is at it. Should that one be cancelled, we look again and one of us loads.
            if (flight is not Task<T> theirs) throw new InvalidOperationException($"{key} is cached as two types.");
            await ((Task)theirs).WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
            if (!theirs.IsCanceled) return await theirs;
        }
    }

    /// <summary>
    /// The same for many, each under its own <paramref name="key"/>: read in one step, and those that are not kept are loaded in one. What
    /// <paramref name="load"/> does not speak of is neither kept nor in the answer. Many callers at once may each load what is missing.
    /// </summary>
    public async Task<IReadOnlyDictionary<TId, T>> GetOrAddMany<TId, T>(
        IEnumerable<TId> ids, Func<TId, string> key, TimeSpan ttl,
        Func<IReadOnlyList<TId>, CancellationToken, Task<IReadOnlyDictionary<TId, T>>> load, CancellationToken ct,
        Func<TId, IReadOnlyList<string>>? tags = null, TimeSpan? nullTtl = null) where TId : notnull
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ttl, MaxTtl);
        TId[] wanted = [.. ids.Distinct()];
        if (wanted.Length == 0) return new Dictionary<TId, T>();

        var found = await Find<T>([.. wanted.Select(id => (key(id), (IReadOnlyList<string>)[key(id), .. tags?.Invoke(id) ?? []]))], ct);
        var all = new Dictionary<TId, T>();
        var missing = new Dictionary<TId, string?>();
        foreach (var (id, (isThere, value, versions)) in wanted.Zip(found))
        {
            if (isThere) all[id] = value!;
            else missing[id] = versions;
        }

        if (missing.Count == 0) return all;
        var loaded = await load([.. missing.Keys], ct);
        await Task.WhenAll(missing.Where(one => loaded.ContainsKey(one.Key)).Select(one =>
        {
            var value = all[one.Key] = loaded[one.Key];
            return KeepIfAsked(key(one.Key), one.Value, value, ttl, nullTtl, ct);
        }));
        return all;
    }

    /// <summary>Forgets one entry. Throws when Redis is away, so that the event that asks for it comes again.</summary>
    public async Task Remove(string key, CancellationToken ct)
    {
        await RemoveTagged(key, ct);
        _loading.TryRemove(key, out _); // Whoever asks from now on does not join those who asked before.
    }

    /// <summary>Forgets every entry with that tag.</summary>
    public Task RemoveTagged(string tag, CancellationToken ct) =>
        _redis.Set(VersionKey(tag), Guid.CreateVersion7(_clock.GetUtcNow()).ToByteArray(), VersionTtl, ct: ct);

    private async Task<T> Fly<T>(TaskCompletionSource<T> flight, Func<Task<T>> work, string key, CancellationToken ct)
    {
        try
        {
            var value = await work();
            flight.SetResult(value);
            return value;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            flight.SetCanceled(ct);
            throw;
        }
        catch (Exception exception)
        {
            flight.SetException(exception);
            _ = flight.Task.Exception; // Seen: whoever waits throws it, and if nobody does, we do.
            throw;
        }
        finally
        {
            _loading.TryRemove(new KeyValuePair<string, Task>(key, flight.Task));
        }
    }

    private async Task<T> FindOrLoad<T>(
        string key, TimeSpan ttl, Func<CancellationToken, Task<T>> load, IReadOnlyList<string> versionsOf, TimeSpan? nullTtl, CancellationToken ct)
    {
        var (found, kept, versions) = (await Find<T>([(key, versionsOf)], ct))[0];
        if (found) return kept!;

        var value = await load(ct);
        await KeepIfAsked(key, versions, value, ttl, nullTtl, ct);
        return value;
    }

    /// <summary>The versions are null while Redis is away: then nothing is kept either.</summary>
    private async Task<(bool Found, T? Value, string? Versions)[]> Find<T>(
        IReadOnlyList<(string Key, IReadOnlyList<string> VersionsOf)> asked, CancellationToken ct)
    {
        try
        {
            var read = await _redis.GetMany(asked.SelectMany(one => one.VersionsOf.Select(VersionKey).Prepend(EntryKey(one.Key))), ct);
            var at = 0;
            return
            [
                .. asked.Select(one =>
                {
                    var its = read[at..(at += 1 + one.VersionsOf.Count)];
                    return Judge<T>(one.Key, its[0], its[1..]);
                }),
            ];
        }
        catch (DependencyDownException)
        {
            foreach (var (key, _) in asked) Count(key, "bypass");
            return new (bool, T?, string?)[asked.Count];
        }
    }

    private (bool Found, T? Value, string? Versions) Judge<T>(string key, byte[]? json, byte[]?[] versionsNow)
    {
        var versions = string.Join(',', versionsNow.Select(version => version is null ? "" : Convert.ToHexString(version)));
        var entry = json is null ? null : Read<T>(key, json);
        var hit = entry is not null && entry.Versions == versions;
        Count(key, hit ? "hit" : "miss");
        return (hit, hit ? entry!.Value : default, versions);
    }

    private Entry<T>? Read<T>(string key, byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry<T>>(json, Json.Options);
        }
        catch (JsonException exception)
        {
            // Kept by another version of this service: it is loaded anew.
            LogUnreadable(key, exception);
            return null;
        }
    }

    private Task KeepIfAsked<T>(string key, string? versions, T value, TimeSpan ttl, TimeSpan? nullTtl, CancellationToken ct) =>
        versions is not null && (value is null ? nullTtl : ttl) is { } keep ? Keep(key, versions, value, keep, ct) : Task.CompletedTask;

    private async Task Keep<T>(string key, string versions, T value, TimeSpan ttl, CancellationToken ct)
    {
        try
        {
            await _redis.Set(EntryKey(key), JsonSerializer.SerializeToUtf8Bytes(new Entry<T>(versions, value), Json.Options), ttl, ct: ct);
        }
        catch (DependencyDownException exception)
        {
            LogNotKept(key, exception);
        }
    }

    private string EntryKey(string key) => _prefix + key;

    private string VersionKey(string tag) => $"{_prefix}v:{tag}";

    private void Count(string key, string result)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        _requests.Add(1, new TagList { { "cache", colon < 0 ? key : key[..colon] }, { "result", result } });
    }

    [LoggerMessage(LogLevel.Information, "The cached {Key} could not be read")]
    private partial void LogUnreadable(string key, Exception exception);

    [LoggerMessage(LogLevel.Debug, "{Key} could not be cached")]
    private partial void LogNotKept(string key, Exception exception);

    private sealed record Entry<T>(string Versions, T? Value);
}
