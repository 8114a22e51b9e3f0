using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FitFlow.ServiceDefaults.Tokens;

internal sealed record VerifiedToken(AccessToken Token, string KeyId, VerificationKey Key);

/// <summary>
/// Tokens whose signature was found good, by hash, so that the next request with one costs microseconds. Two generations keep it bounded:
/// when the young one is full it becomes the old one, and what nobody used since is forgotten.
/// </summary>
internal sealed class VerifiedTokens(int capacity = 20_000)
{
    private readonly Lock _turning = new();
    private ConcurrentDictionary<Hash, VerifiedToken> _young = new();
    private ConcurrentDictionary<Hash, VerifiedToken> _old = new();

    // Counted beside: asked for its count, the dictionary takes all of its locks.
    private int _added;

    public int Count => _young.Count + _old.Count;

    public static Hash IdOf(string token)
    {
        Span<byte> hash = stackalloc byte[32];
        Span<byte> bytes = stackalloc byte[TokenVerifier.MaxLength];
        SHA256.HashData(bytes[..System.Text.Encoding.ASCII.GetBytes(token, bytes)], hash);
        return MemoryMarshal.Read<Hash>(hash);
    }

    public VerifiedToken? Find(in Hash id)
    {
        if (_young.TryGetValue(id, out var found)) return found;
        if (!_old.TryGetValue(id, out found)) return null;
        Add(id, found);
        return found;
    }

    public void Add(in Hash id, VerifiedToken token)
    {
        if (!_young.TryAdd(id, token))
        {
            _young[id] = token; // Under a key that was read anew.
            return;
        }

        if (Interlocked.Increment(ref _added) < capacity / 2) return;
        lock (_turning)
        {
            if (_added < capacity / 2) return;
            _old = _young;
            _young = new ConcurrentDictionary<Hash, VerifiedToken>();
            _added = 0;
        }
    }

    /// <summary>SHA-256 of a token.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly record struct Hash(ulong A, ulong B, ulong C, ulong D);
}
