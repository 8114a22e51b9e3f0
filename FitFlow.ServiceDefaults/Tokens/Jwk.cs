using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace FitFlow.ServiceDefaults.Tokens;

/// <summary>A public P-256 key as RFC 7517 writes it.</summary>
public sealed record Jwk
{
    [JsonPropertyName("kty")]
    public string? KeyType { get; init; }

    [JsonPropertyName("crv")]
    public string? Curve { get; init; }

    [JsonPropertyName("kid")]
    public string? KeyId { get; init; }

    [JsonPropertyName("use")]
    public string? Use { get; init; }

    [JsonPropertyName("alg")]
    public string? Algorithm { get; init; }

    [JsonPropertyName("x")]
    public string? X { get; init; }

    [JsonPropertyName("y")]
    public string? Y { get; init; }

    /// <summary>The public half of a key, named by its thumbprint (RFC 7638) unless said otherwise.</summary>
    public static Jwk From(ECDsa key, string? kid = null)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var jwk = new Jwk { KeyType = "EC", Curve = "P-256", Use = "sig", Algorithm = "ES256", X = Base64Url.Encode(point.X), Y = Base64Url.Encode(point.Y) };
        return jwk with { KeyId = kid ?? jwk.Thumbprint() };
    }

    /// <summary>The key itself, if this is an ES256 signing key with a name and a point on the curve; otherwise null.</summary>
    public ECParameters? ToParameters() =>
        this is { KeyType: "EC", Curve: "P-256", KeyId.Length: > 0 and <= 128, Use: null or "sig", Algorithm: null or "ES256" }
            && Base64Url.TryDecode(X, out var x) && x.Length == 32
            && Base64Url.TryDecode(Y, out var y) && y.Length == 32
            ? new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } }
            : null;

    private string Thumbprint() =>
        Base64Url.Encode(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($$"""{"crv":"{{Curve}}","kty":"{{KeyType}}","x":"{{X}}","y":"{{Y}}"}""")));
}

/// <summary>The document at <c>/.well-known/jwks.json</c>.</summary>
public sealed record JwkSet([property: JsonPropertyName("keys")] IReadOnlyList<Jwk> Keys);
