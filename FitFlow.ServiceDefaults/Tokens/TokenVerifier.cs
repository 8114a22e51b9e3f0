using System.Text;
using System.Text.Json;

namespace FitFlow.ServiceDefaults.Tokens;

/// <summary>Why a token is not taken.</summary>
public enum TokenFlaw
{
    None,
    Missing,
    Invalid,
    NotYetValid,
    Expired,
    Revoked,
}

/// <summary>Says that a token, good in itself, is to be refused: its session ended, its person's role changed.</summary>
public delegate bool IsRevoked(AccessToken token);

/// <summary>Who signs tokens and for whom (section <c>Tokens</c>).</summary>
public sealed class TokenOptions
{
    public string Issuer { get; set; } = "fitflow-identity";

    public string Audience { get; set; } = "fitflow";

    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// Access tokens are JWTs of one kind only (RFC 7515, 7519, 9068): ES256, typ at+jwt, a kid that we know, every claim that we need. Whatever
/// else a token offers (other algorithms, keys or addresses of keys in its header, critical extensions) is refused or not read at all.
/// </summary>
public sealed class TokenVerifier(IKeySource keys, TokenOptions options, TimeProvider clock, IEnumerable<IsRevoked> revocations)
{
    public const int MaxLength = 8 * 1024;

    private static readonly JsonDocumentOptions StrictJson = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private readonly VerifiedTokens _verified = new();
    private readonly IsRevoked[] _revocations = [.. revocations];

    public async ValueTask<(AccessToken? Token, TokenFlaw Flaw)> Verify(string text, CancellationToken ct)
    {
        if (text.Length > MaxLength || !Ascii.IsValid(text)) return (null, TokenFlaw.Invalid);

        // A key that was withdrawn takes the tokens along that it signed, seen before or not.
        var id = VerifiedTokens.IdOf(text);
        if (_verified.Find(id) is { } known && ReferenceEquals(await keys.Find(known.KeyId, ct), known.Key)) return Admit(known.Token);

        if (ReadHeader(text) is not { } kid || await keys.Find(kid, ct) is not { } key) return (null, TokenFlaw.Invalid);
        if (ReadSigned(text, key) is not { } token || token.Issuer != options.Issuer || token.Audience != options.Audience) return (null, TokenFlaw.Invalid);

        var answer = Admit(token);
        if (answer.Flaw == TokenFlaw.None) _verified.Add(id, new VerifiedToken(token, kid, key));
        return answer;
    }

    private (AccessToken? Token, TokenFlaw Flaw) Admit(AccessToken token)
    {
        var now = clock.GetUtcNow();
        if (now >= token.ExpiresAt + options.ClockSkew) return (null, TokenFlaw.Expired);
        if (now < (token.NotBefore ?? token.IssuedAt) - options.ClockSkew) return (null, TokenFlaw.NotYetValid);
        foreach (var isRevoked in _revocations)
        {
            if (isRevoked(token)) return (null, TokenFlaw.Revoked);
        }

        return (token, TokenFlaw.None);
    }

    /// <summary>The key's name, from a header that is acceptable in all else.</summary>
    private static string? ReadHeader(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot <= 0 ? null : Read(text.AsSpan(0, dot), header =>
            header.ValueKind == JsonValueKind.Object
            && Is(header, "alg", "ES256") && Is(header, "typ", "at+jwt") && !header.TryGetProperty("crit", out _)
            && header.TryGetProperty("kid", out var kid) && kid.ValueKind == JsonValueKind.String
            && kid.GetString() is { Length: > 0 and <= 128 } name
            ? name
            : null);
    }

    private static AccessToken? ReadSigned(string text, VerificationKey key)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var end = text.LastIndexOf('.');
        if (end == dot || !Base64Url.TryDecode(text.AsSpan(end + 1), out var signature)) return null;
        return key.Verifies(Encoding.ASCII.GetBytes(text, 0, end), signature)
            ? Read(text.AsSpan(dot + 1, end - dot - 1), AccessToken.Read)
            : null;
    }

    private static bool Is(JsonElement header, string name, string expected) =>
        header.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(expected);

    private static T? Read<T>(ReadOnlySpan<char> part, Func<JsonElement, T?> read) where T : class
    {
        if (!Base64Url.TryDecode(part, out var json)) return null;
        try
        {
            using var document = JsonDocument.Parse(json, StrictJson);
            return read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null; // Not JSON, a member twice, or (found only on reading it) a text that is no Unicode: not a token.
        }
    }
}
