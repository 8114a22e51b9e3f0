using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace FitFlow.ServiceDefaults.Tokens;

/// <summary>A public key that many requests verify with at once: <see cref="ECDsa"/> promises no thread safety, so each borrows its own.</summary>
public sealed class VerificationKey
{
    private readonly ConcurrentBag<ECDsa> _idle = [];
    private readonly ECParameters _parameters;

    public VerificationKey(ECParameters parameters)
    {
        _parameters = parameters with { D = null };
        _idle.Add(ECDsa.Create(_parameters));
    }

    public VerificationKey(ECDsa key) : this(key.ExportParameters(includePrivateParameters: false))
    {
    }

    /// <summary>Is <paramref name="signature"/> (r and s, 64 bytes) this key's ES256 signature of <paramref name="data"/>?</summary>
    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != 64) return false;
        if (!_idle.TryTake(out var key)) key = ECDsa.Create(_parameters);
        try
        {
            return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        finally
        {
            _idle.Add(key);
        }
    }
}

/// <summary>Where public keys are found: Identity's published set for most, its own keys for Identity.</summary>
public interface IKeySource
{
    /// <summary>
    /// The key of that name, the same instance as long as it is valid; null when there is none.
    /// Throws <see cref="DependencyDownException"/> when that cannot be known.
    /// </summary>
    ValueTask<VerificationKey?> Find(string kid, CancellationToken ct);
}
