using System.Text;
using FitFlow.Data.Encryption;
using FitFlow.ServiceDefaults;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Configuration;

namespace FitFlow.Data.Tests.Encryption;

public sealed class SealedFieldTests
{
    private static readonly Guid Row = Guid.Parse("01020304-0506-7708-890a-0b0c0d0e0f10");
    private static readonly byte[] Secret = [.. Enumerable.Range(7, 32).Select(i => (byte)i)];
    private readonly SetClock _clock = new(new DateTimeOffset(2026, 3, 31, 23, 0, 0, TimeSpan.Zero));

    [Fact]
    public void AnyTextComesBack() =>
        Prop.ForAll<string>(text =>
        {
            text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
            var fields = new PersonFields(Ring(), Secret);
            return fields.Decrypt("people.notes", Row, fields.Encrypt("people.notes", Row, text)) == text;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void EveryChangedBitIsNoticed()
    {
        var ring = Ring();
        var sealed_ = SealedField.Seal(ring, Secret, "people.notes", Row, "asthma"u8);
        for (var bit = 0; bit < sealed_.Length * 8; bit++)
        {
            var changed = (byte[])sealed_.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            var e = Assert.Throws<EncryptionException>(() => SealedField.Open(ring, Secret, "people.notes", Row, changed));
            var expected = (bit / 8) switch
            {
                0 => EncryptionProblem.Malformed,
                1 => EncryptionProblem.UnknownKey,
                >= 4 and < 8 => EncryptionProblem.WrongField,
                >= 8 and < 12 => EncryptionProblem.WrongRow,
                _ => EncryptionProblem.Tampered,
            };
            Assert.Equal(expected, e.Problem);
        }
    }

    [Fact]
    public void EveryCutIsNoticed()
    {
        var ring = Ring();
        var sealed_ = SealedField.Seal(ring, Secret, "people.notes", Row, "asthma"u8);
        for (var length = 0; length < sealed_.Length; length++)
        {
            var e = Assert.Throws<EncryptionException>(() => SealedField.Open(ring, Secret, "people.notes", Row, sealed_[..length]));
            Assert.Equal(length < 40 ? EncryptionProblem.Malformed : EncryptionProblem.Tampered, e.Problem);
        }
    }

    [Fact]
    public void AnotherFieldRowPersonOrKeyIsEachItsOwnError()
    {
        var ring = Ring();
        var sealed_ = SealedField.Seal(ring, Secret, "people.notes", Row, "asthma"u8);

        Assert.Equal(EncryptionProblem.WrongField, Problem(ring, Secret, "people.address", Row));
        Assert.Equal(EncryptionProblem.WrongRow, Problem(ring, Secret, "people.notes", Guid.Parse("01020304-0506-7708-890a-0b0c0d0e0f11")));
        Assert.Equal(EncryptionProblem.Tampered, Problem(ring, [.. Secret.Reverse()], "people.notes", Row));
        Assert.Equal(EncryptionProblem.UnknownKey, Problem(Ring((2, 2)), Secret, "people.notes", Row));
        Assert.Equal(EncryptionProblem.Tampered, Problem(Ring((1, 2)), Secret, "people.notes", Row));

        EncryptionProblem Problem(KeyRing with, byte[] secret, string field, Guid row) =>
            Assert.Throws<EncryptionException>(() => SealedField.Open(with, secret, field, row, sealed_)).Problem;
    }

    [Fact]
    public void AFingerprintThatWasMovedAlongDoesNotHelp()
    {
        var ring = Ring();
        var mine = SealedField.Seal(ring, Secret, "people.notes", Row, "asthma"u8);
        var other = SealedField.Seal(ring, Secret, "people.address", Row, "home"u8);
        mine.AsSpan(4, 4).CopyTo(other.AsSpan(4));

        Assert.Equal(EncryptionProblem.Tampered, Assert.Throws<EncryptionException>(() => SealedField.Open(ring, Secret, "people.notes", Row, other)).Problem);
    }

    [Fact]
    public void DataKeysChangeByTheMonthAndOldOnesStillRead()
    {
        var march = SealedField.Seal(Ring(), Secret, "people.notes", Row, "asthma"u8);
        _clock.Now = _clock.Now.AddHours(1);
        var april = SealedField.Seal(Ring(), Secret, "people.notes", Row, "asthma"u8);

        Assert.Equal(1, march[1]);
        Assert.Equal(march[3] + 1, april[3]);
        Assert.NotEqual(Ring().DataKey(new KeyVersion(1, 315)), Ring().DataKey(new KeyVersion(1, 316)));
        Assert.Equal("asthma"u8, SealedField.Open(Ring(), Secret, "people.notes", Row, march));
        Assert.Equal("asthma"u8, SealedField.Open(Ring((1, 1), (2, 2)), Secret, "people.notes", Row, april));
        Assert.Equal(2, SealedField.Seal(Ring((1, 1), (2, 2)), Secret, "people.notes", Row, "x"u8)[1]);
    }

    [Fact]
    public void TheSameTextIsNeverTheSameBytes()
    {
        var ring = Ring();
        var sealed_ = Enumerable.Range(0, 1_000).Select(_ => Convert.ToHexString(SealedField.Seal(ring, Secret, "people.notes", Row, "asthma"u8))).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(1_000, sealed_.Count);
    }

    [Theory]
    [InlineData(null, null, "Encryption:MasterKeys:1 is not set")]
    [InlineData("1", "c2hvcnQ=", "Encryption:MasterKeys:1 has 5 bytes")]
    [InlineData("1", "not base64!", "Encryption:MasterKeys:1 is no base64")]
    [InlineData("1", "", "Encryption:MasterKeys:1 has 0 bytes")]
    [InlineData("first", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "Encryption:MasterKeys:first")]
    [InlineData("256", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "Encryption:MasterKeys:256")]
    public void AMissingOrBrokenMasterKeyIsOneClearLine(string? version, string? key, string says)
    {
        var settings = version is null ? [] : new Dictionary<string, string?> { [$"Encryption:MasterKeys:{version}"] = key };
        var e = Assert.Throws<CannotStartException>(() => new KeyRing(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), _clock));
        Assert.StartsWith(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        if (key is { Length: > 0 }) Assert.DoesNotContain(key, e.Message, StringComparison.Ordinal);
    }

    private KeyRing Ring(params (int Version, byte Fill)[] keys) => KeyRings.Of(_clock, keys.Length == 0 ? [(1, 1)] : keys);
}

internal static class KeyRings
{
    public static KeyRing Of(TimeProvider clock, params (int Version, byte Fill)[] keys) => new(
        new ConfigurationBuilder().AddInMemoryCollection(keys.ToDictionary(
            key => $"Encryption:MasterKeys:{key.Version}",
            key => (string?)Convert.ToBase64String(Enumerable.Repeat(key.Fill, KeyRing.KeySize).ToArray()),
            StringComparer.Ordinal)).Build(), clock);
}

internal sealed class SetClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
