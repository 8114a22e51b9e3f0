using System.Security.Cryptography;
using System.Text;

namespace FitFlow.Data.Encryption;

/// <summary>
/// Encrypts what is nobody's business (medical notes, addresses, dates of birth): AES-256-GCM, a key per record derived from the month's
/// data key and the person's secret, bound to its field and row. Destroying the secret erases all of a person's fields at once, backups
/// made since the secret excepted.
/// </summary>
public sealed class FieldEncryption
{
    private readonly KeyRing _ring;
    private readonly TimeProvider _clock;

    internal FieldEncryption(KeyRing ring, TimeProvider clock)
    {
        _ring = ring;
        _clock = clock;
    }

    internal byte[] CurrentVersion => SealedField.Version(_ring.Current);

    /// <summary>The person's fields, to read and to write. A person without a key gets one; one who was erased never gets another.</summary>
    public async Task<PersonFields> Of(Transaction tx, Guid person)
    {
        await tx.Execute(
            """
            INSERT INTO person_keys (person_id, secret, created_at)
            VALUES (@Person, @Secret, @Now)
            ON DUPLICATE KEY UPDATE person_id = person_id
            """, new { Person = person, Secret = RandomNumberGenerator.GetBytes(KeyRing.KeySize), Now = _clock.GetUtcNow() });
        return Fields(person, await tx.QueryOne<byte[]>(SelectSecret, new { Person = person }));
    }

    /// <summary>The person's fields, to read.</summary>
    public async Task<PersonFields> Of(DbScope db, Guid person, CancellationToken ct) =>
        Fields(person, await db.QueryOne<byte[]>(SelectSecret, new { Person = person }, ct));

    /// <summary>Destroys the person's key: nothing that was encrypted for them can be read again, by anybody.</summary>
    public Task Erase(Transaction tx, Guid person) => tx.Execute(
        """
        INSERT INTO person_keys (person_id, secret, created_at, erased_at)
        VALUES (@Person, NULL, @Now, @Now)
        ON DUPLICATE KEY UPDATE secret = NULL, erased_at = COALESCE(erased_at, @Now)
        """, new { Person = person, Now = _clock.GetUtcNow() });

    private const string SelectSecret =
        """
        SELECT secret
        FROM person_keys
        WHERE person_id = @Person
        """;

    private PersonFields Fields(Guid person, byte[]? secret) =>
        secret is not null
            ? new PersonFields(_ring, secret)
            : throw new EncryptionException(EncryptionProblem.Erased, $"The key of person {person} was destroyed or never made: their encrypted fields cannot be read.");
}

/// <summary>Encrypts and decrypts for one person. A field is named <c>table.column</c>, as it is stored: a renamed column is re-encrypted.</summary>
public sealed class PersonFields
{
    private readonly KeyRing _ring;
    private readonly byte[] _secret;

    internal PersonFields(KeyRing ring, byte[] secret)
    {
        _ring = ring;
        _secret = secret;
    }

    /// <summary>For a column VARBINARY(40 + the length of the text in UTF-8).</summary>
    public byte[] Encrypt(string field, Guid row, string text) => SealedField.Seal(_ring, _secret, field, row, Encoding.UTF8.GetBytes(text));

    /// <summary>The text. Throws <see cref="EncryptionException"/>, which says why, when these bytes are not what was written for this field and row.</summary>
    public string Decrypt(string field, Guid row, byte[] ciphertext) => Encoding.UTF8.GetString(SealedField.Open(_ring, _secret, field, row, ciphertext));
}
