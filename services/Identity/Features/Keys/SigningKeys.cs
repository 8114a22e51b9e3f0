using System.Security.Cryptography;
using FitFlow.Data;
using FitFlow.Data.Encryption;
using FitFlow.ServiceDefaults;
using FitFlow.ServiceDefaults.Tokens;

namespace FitFlow.Identity.Features.Keys;

/// The keys that tokens are signed with, kept encrypted in the database so that all replicas have the same ones. Read anew now and then, and
/// when a token names a key that is not known here: another replica may have made it.
internal sealed class SigningKeys(Db db, FieldEncryption encryption, TimeProvider clock) : IKeySource, IDisposable
{
    private const string Field = "signing_keys.private_key";

    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5), BetweenReads = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile KeySet _known = new([], DateTimeOffset.MinValue, DateTimeOffset.MinValue);

    private sealed record Row(Guid Id, byte[] PrivateKey);

    private sealed record KeySet(IReadOnlyList<SigningKey> Keys, DateTimeOffset ReadAt, DateTimeOffset TriedAt);

    private sealed record SigningKey(Guid Id, Jwk Public, ECParameters Private, VerificationKey Verification);

    public async Task<string> Sign(AccessToken token, CancellationToken ct)
    {
        var newest = (await All(ct))[0];
        using var key = ECDsa.Create(newest.Private);
        return TokenWriter.Write(token, key, newest.Public.KeyId!);
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

    public void Dispose() => _reading.Dispose();

    private async ValueTask<IReadOnlyList<SigningKey>> All(CancellationToken ct) => (await NoOlderThan(GoodFor, ct)).Keys;

    private async ValueTask<KeySet> NoOlderThan(TimeSpan age, CancellationToken ct)
    {
        if (IsFresh(_known)) return _known;
        await _reading.WaitAsync(ct);
        try
        {
            if (IsFresh(_known)) return _known;
            var now = clock.GetUtcNow();
            return _known = new KeySet(await Read(ct), now, now);
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
            return set.Keys.Count > 0 && (now - set.ReadAt < age || now - set.TriedAt < BetweenReads);
        }
    }

    private async Task<IReadOnlyList<SigningKey>> Read(CancellationToken ct)
    {
        while (true)
        {
            var keys = new List<SigningKey>();
            foreach (var row in await Rows(ct))
            {
                // The same instance as long as it is there, so that tokens verified with it stay verified.
                if (_known.Keys.FirstOrDefault(known => known.Id == row.Id) is { } same)
                {
                    keys.Add(same);
                    continue;
                }

                var fields = await encryption.Of(db.Global(), row.Id, ct);
                using var key = ECDsa.Create();
                key.ImportPkcs8PrivateKey(Convert.FromBase64String(fields.Decrypt(Field, row.Id, row.PrivateKey)), out _);
                keys.Add(new SigningKey(row.Id, Jwk.From(key), key.ExportParameters(includePrivateParameters: true), new VerificationKey(key)));
            }

            if (keys.Count > 0) return keys;
            await MakeFirst(ct);
        }
    }

    private Task<IReadOnlyList<Row>> Rows(CancellationToken ct) => db.Global().Query<Row>(
        """
        SELECT id, private_key
        FROM signing_keys
        ORDER BY generation DESC
        """, ct);

    private async Task MakeFirst(CancellationToken ct)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        try
        {
            await db.Global().InTransaction(async tx =>
            {
                var fields = await encryption.Of(tx, id);
                await tx.Execute(
                    """
                    INSERT INTO signing_keys (generation, id, private_key, created_at)
                    VALUES (1, @Id, @PrivateKey, @Now)
                    """,
                    new { id, PrivateKey = fields.Encrypt(Field, id, Convert.ToBase64String(key.ExportPkcs8PrivateKey())), Now = clock.GetUtcNow() });
            }, ct);
        }
        catch (UniqueViolation)
        {
            // Another replica was first: its key is read next, and is everybody's.
        }
    }
}
