using System.Security.Cryptography;
using FitFlow.Data;
using FitFlow.Data.Encryption;
using FitFlow.ServiceDefaults.Tokens;

namespace FitFlow.Identity.Features.Keys;

/// Signing keys as they are stored: encrypted, each under a secret of its own that goes when the key does.
internal sealed class KeyRows(Db db, FieldEncryption encryption, TimeProvider clock)
{
    private const string Field = "signing_keys.private_key";

    private sealed record Row(Guid Id, int Generation, byte[] PrivateKey, DateTimeOffset SignsFrom);

    /// Newest first; the first of all is made when there is none. Of `known` ones the same instance, so that tokens verified with it stay verified.
    public async Task<IReadOnlyList<SigningKey>> Read(IReadOnlyList<SigningKey> known, CancellationToken ct)
    {
        while (true)
        {
            var keys = new List<SigningKey>();
            foreach (var row in await Rows(ct))
            {
                if ((known.FirstOrDefault(same => same.Id == row.Id) ?? await Open(row, ct)) is { } key) keys.Add(key);
            }

            if (keys.Count > 0) return keys;
            await Make(generation: 1, signsFrom: clock.GetUtcNow(), ct);
        }
    }

    /// False when another replica was first: its key is read next, and is everybody's.
    public async Task<bool> Make(int generation, DateTimeOffset signsFrom, CancellationToken ct)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        try
        {
            await db.Global().InTransaction(async tx =>
            {
                var fields = await encryption.Of(tx, id);
                var privateKey = fields.Encrypt(Field, id, Convert.ToBase64String(key.ExportPkcs8PrivateKey()));
                await tx.Execute(
                    """
                    INSERT INTO signing_keys (generation, id, private_key, created_at, signs_from)
                    VALUES (@Generation, @Id, @PrivateKey, @Now, @SignsFrom)
                    """, new { generation, id, privateKey, now, signsFrom });
            }, ct);
            return true;
        }
        catch (UniqueViolation)
        {
            return false;
        }
    }

    public Task Remove(Guid id, CancellationToken ct) => db.Global().InTransaction(async tx =>
    {
        await tx.Execute(
            """
            DELETE FROM signing_keys
            WHERE id = @Id
            """, new { id });
        await encryption.Erase(tx, id);
    }, ct);

    private async Task<SigningKey?> Open(Row row, CancellationToken ct)
    {
        try
        {
            var fields = await encryption.Of(db.Global(), row.Id, ct);
            using var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(Convert.FromBase64String(fields.Decrypt(Field, row.Id, row.PrivateKey)), out _);
            return new SigningKey(
                row.Id, row.Generation, row.SignsFrom, Jwk.From(key), key.ExportParameters(includePrivateParameters: true), new VerificationKey(key));
        }
        catch (EncryptionException e) when (e.Problem == EncryptionProblem.Erased)
        {
            return null; // Retired since its row was read.
        }
    }

    private Task<IReadOnlyList<Row>> Rows(CancellationToken ct) => db.Global().Query<Row>(
        """
        SELECT id, generation, private_key, signs_from
        FROM signing_keys
        ORDER BY generation DESC
        """, ct);
}
