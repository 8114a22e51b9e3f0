using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FitFlow.Data.Encryption;

/// <summary>
/// The bytes of an encrypted field, which say themselves how to read them:
/// <c>format 1 | master version 1 | month 2 | field 4 | row 4 | nonce 12 | tag 16 | ciphertext</c>.
/// Field and row are fingerprints, there only to tell a value in the wrong place from a value that was changed: what binds it to its place
/// is the associated data (all of the header, the field's name and the row's id).
/// </summary>
internal static class SealedField
{
    public const int VersionSize = 4;

    private const byte Format = 1;
    private const int FieldAt = 4, RowAt = 8, NonceAt = 12, TagAt = 24, TextAt = 40, NonceSize = 12, TagSize = 16, Print = 4;

    public static byte[] Seal(KeyRing ring, byte[] secret, string field, Guid row, ReadOnlySpan<byte> plaintext)
    {
        var version = ring.Current;
        var sealed_ = new byte[TextAt + plaintext.Length];
        Version(version).CopyTo(sealed_, 0);
        Fingerprint(Encoding.UTF8.GetBytes(field)).CopyTo(sealed_.AsSpan(FieldAt));
        Fingerprint(Id(row)).CopyTo(sealed_.AsSpan(RowAt));
        RandomNumberGenerator.Fill(sealed_.AsSpan(NonceAt, NonceSize));
        Encrypt(
            RecordKey(ring.DataKey(version)!, secret, field, row), sealed_.AsSpan(NonceAt, NonceSize), plaintext,
            sealed_.AsSpan(TextAt), sealed_.AsSpan(TagAt, TagSize), AssociatedData(sealed_, field, row));
        return sealed_;
    }

    public static byte[] Open(KeyRing ring, byte[] secret, string field, Guid row, byte[] sealed_)
    {
        if (sealed_.Length < TextAt || sealed_[0] != Format)
        {
            throw Problem(EncryptionProblem.Malformed, sealed_.Length == 0 ? "is empty" : $"has the unknown format {sealed_[0]} or was cut off at {sealed_.Length} bytes");
        }

        if (!sealed_.AsSpan(FieldAt, Print).SequenceEqual(Fingerprint(Encoding.UTF8.GetBytes(field)))) throw Problem(EncryptionProblem.WrongField, "was written for another field");
        if (!sealed_.AsSpan(RowAt, Print).SequenceEqual(Fingerprint(Id(row)))) throw Problem(EncryptionProblem.WrongRow, "was written for another row");
        var version = VersionOf(sealed_);
        var key = ring.DataKey(version)
            ?? throw Problem(EncryptionProblem.UnknownKey, $"was written under master key {version.Master}, which is not configured (Encryption:MasterKeys:{version.Master})");

        var plaintext = new byte[sealed_.Length - TextAt];
        try
        {
            Decrypt(
                RecordKey(key, secret, field, row), sealed_.AsSpan(NonceAt, NonceSize), sealed_.AsSpan(TextAt), sealed_.AsSpan(TagAt, TagSize),
                plaintext, AssociatedData(sealed_, field, row));
            return plaintext;
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw Problem(EncryptionProblem.Tampered, "was changed since it was written, or belongs to another person", e);
        }

        EncryptionException Problem(EncryptionProblem problem, string what, Exception? cause = null) => new(problem, $"{field} of row {row} {what}.", cause);
    }

    /// <summary>The first bytes of whatever is written under this version.</summary>
    public static byte[] Version(KeyVersion version) => [Format, version.Master, .. version.Month.BigEndian()];

    public static void Encrypt(byte[] key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
    {
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);
    }

    public static void Decrypt(byte[] key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(nonce, ciphertext, tag, plaintext, associatedData);
    }

    private static KeyVersion VersionOf(byte[] sealed_) => new(sealed_[1], BinaryPrimitives.ReadUInt16BigEndian(sealed_.AsSpan(2)));

    private static byte[] RecordKey(byte[] dataKey, byte[] secret, string field, Guid row) =>
        KeyRing.Derive(dataKey, secret, [.. "fitflow record key "u8, .. Id(row), .. Encoding.UTF8.GetBytes(field)]);

    private static byte[] AssociatedData(byte[] sealed_, string field, Guid row) => [.. sealed_.AsSpan(0, NonceAt), .. Id(row), .. Encoding.UTF8.GetBytes(field)];

    private static ReadOnlySpan<byte> Fingerprint(byte[] of) => SHA256.HashData(of).AsSpan(0, Print);

    private static byte[] Id(Guid row) => row.ToByteArray(bigEndian: true);
}
