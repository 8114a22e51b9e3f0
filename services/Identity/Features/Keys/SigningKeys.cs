using System.Security.Cryptography;
using FitFlow.ServiceDefaults;
using FitFlow.ServiceDefaults.Tokens;

namespace FitFlow.Identity.Features.Keys;

/// One generation of keys: published from when it was made, signing from a little later until the next one signs.
internal sealed record SigningKey(Guid Id, int Generation, DateTimeOffset SignsFrom, Jwk Public, ECParameters Private, VerificationKey Verification);

/// The keys that tokens are signed with, kept encrypted in the database so that all replicas have the same ones. Read anew now and then, and
/// when a token names a key that is not known here: another replica may have made it.
internal sealed class SigningKeys(KeyRows rows, KeySettings settings, TimeProvider clock) : IKeySource, IDisposable
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(1), BetweenReads = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile KeySet _known = new([], DateTimeOffset.MinValue, DateTimeOffset.MinValue);

    /// Newest first.
    private sealed record KeySet(IReadOnlyList<SigningKey> Keys, DateTimeOffset ReadAt, DateTimeOffset TriedAt);

    public async Task<string> Sign(AccessToken token, CancellationToken ct)
    {
        var signing = SigningAt(clock.GetUtcNow(), await All(ct));
        using var key = ECDsa.Create(signing.Private);
        return TokenWriter.Write(token, key, signing.Public.KeyId!);
    }

    public async Task<JwkSet> Published(CancellationToken ct) => new([.. (await All(ct)).Select(key => key.Public)]);

    public async ValueTask<VerificationKey?> Find(string kid, CancellationToken ct)
    {
        if (In(await NoOlderThan(GoodFor, ct)) is { } key) return key;

        var latest = await NoOlderThan(BetweenReads, ct);
        if (In(latest) is { } added) return added;
        return latest.TriedAt == latest.ReadAt ? null : throw new DependencyDownException("mysql");

        VerificationKey? In(KeySet set) => set.Keys.FirstOrDefault(known => known.Public.KeyId == kid)?.Verification;
    }

    public async Task<TimeSpan> NewestAge(CancellationToken ct) => clock.GetUtcNow() - (await All(ct))[0].SignsFrom;

    /// The next generation: published from now, signing when everybody has read it. Null when there is one that does not sign yet.
    public async Task<SigningKey?> MakeNext(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var newest = (await NoOlderThan(TimeSpan.Zero, ct)).Keys[0];
        if (newest.SignsFrom > now || !await rows.Make(newest.Generation + 1, now + settings.PublishedBefore, ct)) return null;
        return (await NoOlderThan(TimeSpan.Zero, ct)).Keys[0];
    }

    /// Takes away the keys whose successor has signed for so long that no token of theirs is good any more, and what they were encrypted with.
    public async Task<int> Retire(CancellationToken ct)
    {
        var keys = await All(ct);
        var successor = keys.FirstOrDefault(key => key.SignsFrom < clock.GetUtcNow() - settings.KeptFor);
        var old = successor is null ? [] : keys.Where(key => key.Generation < successor.Generation).ToList();
        foreach (var key in old) await rows.Remove(key.Id, ct);
        if (old.Count > 0) await NoOlderThan(TimeSpan.Zero, ct);
        return old.Count;
    }

    public void Dispose() => _reading.Dispose();

    /// The first of all signs at once, for there is nobody who could know another.
    private static SigningKey SigningAt(DateTimeOffset now, IReadOnlyList<SigningKey> keys) => keys.FirstOrDefault(key => key.SignsFrom <= now) ?? keys[^1];

    private async ValueTask<IReadOnlyList<SigningKey>> All(CancellationToken ct) => (await NoOlderThan(GoodFor, ct)).Keys;

    private async ValueTask<KeySet> NoOlderThan(TimeSpan age, CancellationToken ct)
    {
        if (IsFresh(_known)) return _known;
        await _reading.WaitAsync(ct);
        try
        {
            if (IsFresh(_known)) return _known;
            var now = clock.GetUtcNow();
            return _known = new KeySet(await rows.Read(_known.Keys, ct), now, now);
        }
        catch (DependencyDownException) when (_known.Keys.Count > 0)
        {
            // The keys at hand stay good while the database is away.
            return _known = _known with { TriedAt = clock.GetUtcNow() };
        }
        finally
        {
            _reading.Release();
        }

        bool IsFresh(KeySet set)
        {
            var now = clock.GetUtcNow();
            return set.Keys.Count > 0 && age > TimeSpan.Zero && (now - set.ReadAt < age || now - set.TriedAt < BetweenReads);
        }
    }
}
