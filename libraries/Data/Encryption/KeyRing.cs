using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using FitFlow.ServiceDefaults;
using Microsoft.Extensions.Configuration;

namespace FitFlow.Data.Encryption;

/// <summary>
/// The master keys of the configuration by version (the highest is current), and the data keys derived from them, one a month. Nothing of
/// it is stored: whoever has the master key and a person's secret can derive every key, and nobody else.
/// </summary>
internal sealed class KeyRing
{
    public const int KeySize = 32;

    private readonly Dictionary<byte, byte[]> _masterKeys = [];
    private readonly ConcurrentDictionary<KeyVersion, byte[]> _dataKeys = new();
    private readonly TimeProvider _clock;

    public KeyRing(IConfiguration configuration, TimeProvider clock)
    {
        _clock = clock;
        foreach (var key in configuration.GetSection("Encryption:MasterKeys").GetChildren())
        {
            if (!byte.TryParse(key.Key, CultureInfo.InvariantCulture, out var version) || version == 0)
            {
                throw new CannotStartException($"{key.Path}: the version of a master key is a number from 1 to 255.");
            }

            _masterKeys[version] = Decode(key);
        }

        if (_masterKeys.Count == 0)
        {
            throw new CannotStartException("Encryption:MasterKeys:1 is not set: 32 random bytes in base64, for example from `openssl rand -base64 32`.");
        }
    }

    /// <summary>What is written under today.</summary>
    public KeyVersion Current
    {
        get
        {
            var today = _clock.GetUtcNow();
            return new KeyVersion(_masterKeys.Keys.Max(), (ushort)(((today.Year - 2000) * 12) + today.Month));
        }
    }

    /// <summary>The data key of a version, or null when its master key is not configured.</summary>
    public byte[]? DataKey(KeyVersion version) =>
        _masterKeys.TryGetValue(version.Master, out var master)
            ? _dataKeys.GetOrAdd(version, static (version, master) => Derive(master, salt: [], [.. "fitflow data key "u8, .. version.Month.BigEndian()]), master)
            : null;

    /// <summary>HKDF with SHA-256 (RFC 5869).</summary>
    public static byte[] Derive(byte[] key, byte[] salt, byte[] info, int size = KeySize) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, size, salt, info);

    private static byte[] Decode(IConfigurationSection key)
    {
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(key.Value ?? "");
        }
        catch (FormatException e)
        {
            throw new CannotStartException($"{key.Path} is no base64.", e);
        }

        return bytes.Length >= KeySize
            ? bytes
            : throw new CannotStartException($"{key.Path} has {bytes.Length} bytes; a master key has {KeySize} or more.");
    }
}

/// <summary>The master key's version and the month (counted from 2000) of the data key derived from it.</summary>
internal sealed record KeyVersion(byte Master, ushort Month);

internal static class Bytes
{
    public static byte[] BigEndian(this ushort value)
    {
        var bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }
}
