using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace FitFlow.ServiceDefaults.Tokens;

/// <summary>
/// Identity's published keys, kept in memory: read anew every few minutes in the background, and at once (but not often) when a token names a
/// key that is not known yet. While Identity is away the keys at hand stay good.
/// </summary>
internal sealed partial class RemoteKeys(Func<HttpClient> connect, TimeProvider clock, ILogger<RemoteKeys> logger) : IKeySource
{
    public const string Address = "http://identity/.well-known/jwks.json";

    private const int MaxSize = 64 * 1024;

    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BetweenFetches = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenFailures = TimeSpan.FromSeconds(1);

    private readonly Lock _starting = new();
    private Task _fetching = Task.CompletedTask;
    private volatile KeySet _current = new(FrozenDictionary<string, PublishedKey>.Empty, DateTimeOffset.MinValue);
    private DateTimeOffset _nextFetch = DateTimeOffset.MinValue;

    public ValueTask<VerificationKey?> Find(string kid, CancellationToken ct)
    {
        var set = _current;
        if (!set.Keys.TryGetValue(kid, out var key)) return FetchAndFind(kid, ct);
        if (clock.GetUtcNow() - set.FetchedAt > GoodFor) _ = Fetch();
        return new ValueTask<VerificationKey?>(key.Key);
    }

    private async ValueTask<VerificationKey?> FetchAndFind(string kid, CancellationToken ct)
    {
        await Fetch().WaitAsync(ct);
        var set = _current;
        if (set.FetchedAt == DateTimeOffset.MinValue) throw new DependencyDownException("identity");
        return set.Keys.TryGetValue(kid, out var key) ? key.Key : null;
    }

    /// <summary>One at a time, whose outcome is everybody's who waits; none at all too soon after the last.</summary>
    private Task Fetch()
    {
        lock (_starting)
        {
            if (_fetching.IsCompleted && clock.GetUtcNow() >= _nextFetch) _fetching = Task.Run(Read);
            return _fetching;
        }
    }

    /// <summary>Not with the caller's cancellation: others wait for the same keys.</summary>
    private async Task Read()
    {
        var now = clock.GetUtcNow();
        try
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5), clock);
            using var http = connect();
            http.MaxResponseContentBufferSize = MaxSize;
            var json = await http.GetByteArrayAsync(Address, timeout.Token);
            var set = JsonSerializer.Deserialize<JwkSet>(json) ?? throw new JsonException("An empty key set.");
            _current = new KeySet(Keep(set, _current.Keys), now);
            _nextFetch = now + BetweenFetches;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException or DependencyDownException)
        {
            _nextFetch = clock.GetUtcNow() + BetweenFailures;
            LogUnavailable(Address, exception);
        }
    }

    /// <summary>A key that stays keeps its instance, so that tokens verified with it stay verified.</summary>
    private FrozenDictionary<string, PublishedKey> Keep(JwkSet set, FrozenDictionary<string, PublishedKey> before)
    {
        var keys = new Dictionary<string, PublishedKey>(StringComparer.Ordinal);
        foreach (var jwk in set.Keys ?? [])
        {
            if (jwk.ToParameters() is not { } parameters) continue;
            if (before.TryGetValue(jwk.KeyId!, out var same) && same.Jwk == jwk) keys[jwk.KeyId!] = same;
            else if (TryImport(parameters, jwk.KeyId!) is { } key) keys[jwk.KeyId!] = new PublishedKey(jwk, key);
        }

        return keys.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private VerificationKey? TryImport(ECParameters parameters, string kid)
    {
        try
        {
            return new VerificationKey(parameters);
        }
        catch (CryptographicException exception)
        {
            LogBadKey(kid, exception);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The keys at {Address} could not be read; going on with those at hand")]
    private partial void LogUnavailable(string address, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Key {Kid} of the published set is no point on P-256; left out")]
    private partial void LogBadKey(string kid, Exception exception);

    private sealed record PublishedKey(Jwk Jwk, VerificationKey Key);

    private sealed record KeySet(FrozenDictionary<string, PublishedKey> Keys, DateTimeOffset FetchedAt);
}
