using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FitFlow.ServiceDefaults.Tokens;

namespace FitFlow.ServiceDefaults.Tests.Tokens;

public sealed class TokenVerifierTests
{
    private readonly ManualClock _clock = new();
    private readonly Signer _signer;
    private readonly List<IsRevoked> _revocations = [];

    public TokenVerifierTests() : this(new Signer())
    {
    }

    internal TokenVerifierTests(Signer signer) => _signer = signer;

    private TokenVerifier Verifier => field ??= new TokenVerifier(_signer, new TokenOptions(), _clock, _revocations);

    [Fact]
    public async Task WhatWasWrittenIsReadTheSame()
    {
        var token = Good() with
        {
            Role = Role.GymOwner,
            Studios = [new Membership(Guid.CreateVersion7(_clock.GetUtcNow()), Role.Trainer | Role.GymOwner), new Membership(Guid.CreateVersion7(_clock.GetUtcNow()), Role.Client)],
            NotBefore = Whole(_clock.GetUtcNow()),
        };
        foreach (var time in new[] { "new", "known" })
        {
            var (read, flaw) = await Verify(_signer.Sign(token));
            Assert.Equal(TokenFlaw.None, flaw);
            Assert.Equal(token.Studios, read!.Studios);
            Assert.Equal(token with { Studios = [] }, read with { Studios = [] });
            Assert.NotNull(time);
        }
    }

    [Fact]
    public void TheHeaderIsWrittenPlainly()
    {
        Assert.True(Base64Url.TryDecode(_signer.Sign(Good()).Split('.')[0], out var header));
        Assert.Equal($$"""{"alg":"ES256","typ":"at+jwt","kid":"{{_signer.Kid}}"}""", Encoding.UTF8.GetString(header));
    }

    [Fact]
    public async Task AServiceTokenIsReadToo()
    {
        var (token, flaw) = await Verify(_signer.Sign(Given.Service("notifications")));
        Assert.Equal(TokenFlaw.None, flaw);
        Assert.Equal("notifications", token!.Service);
        Assert.Equal(Role.None, token.Role);
        Assert.Null(token.PersonId);
    }

    [Fact]
    public void TheVectorOfRfc7515IsVerified()
    {
        var jwk = new Jwk
        {
            KeyType = "EC",
            Curve = "P-256",
            KeyId = "a3",
            X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        };
        var key = new VerificationKey(jwk.ToParameters()!.Value);
        const string signed = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        Assert.True(Base64Url.TryDecode("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q", out var signature));
        Assert.True(key.Verifies(Encoding.ASCII.GetBytes(signed), signature));
        signature[63] ^= 1;
        Assert.False(key.Verifies(Encoding.ASCII.GetBytes(signed), signature));
        Assert.False(key.Verifies(Encoding.ASCII.GetBytes(signed), new byte[64]));
    }

    [Fact]
    public void TheThumbprintIsTheOneOfRfc7638AndThePublicHalfOnlyIsPublished()
    {
        var json = JsonSerializer.Serialize(Jwk.From(_signer.Key));
        Assert.DoesNotContain("\"d\"", json, StringComparison.Ordinal);
        var jwk = JsonSerializer.Deserialize<Jwk>(json)!;
        var canonical = $$"""{"crv":"P-256","kty":"EC","x":"{{jwk.X}}","y":"{{jwk.Y}}"}""";
        Assert.Equal(Base64Url.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))), jwk.KeyId);
    }

    [Fact]
    public async Task TimeIsKeptWithThirtySecondsOfGrace()
    {
        var text = _signer.Sign(Good());
        _clock.Advance(TimeSpan.FromSeconds(15 * 60 + 29));
        Assert.Equal(TokenFlaw.None, (await Verify(text)).Flaw);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TokenFlaw.Expired, (await Verify(text)).Flaw);

        Assert.Equal(TokenFlaw.NotYetValid, (await Verify(_signer.Sign(Good() with { NotBefore = _clock.GetUtcNow().AddSeconds(40) }))).Flaw);
        Assert.Equal(TokenFlaw.NotYetValid, (await Verify(_signer.Sign(Good() with { IssuedAt = _clock.GetUtcNow().AddSeconds(40) }))).Flaw);
        Assert.Equal(TokenFlaw.None, (await Verify(_signer.Sign(Good() with { NotBefore = _clock.GetUtcNow().AddSeconds(20) }))).Flaw);
    }

    [Fact]
    public async Task ARevokedTokenIsRefusedEvenIfItWasGoodBefore()
    {
        var ended = new HashSet<Guid?>();
        _revocations.Add(token => ended.Contains(token.SessionId));
        var good = Good();
        Assert.Equal(TokenFlaw.None, (await Verify(_signer.Sign(good))).Flaw);
        ended.Add(good.SessionId);
        Assert.Equal(TokenFlaw.Revoked, (await Verify(_signer.Sign(good))).Flaw);
    }

    [Fact]
    public async Task AWithdrawnKeyTakesItsTokensAlong()
    {
        var text = _signer.Sign(Good());
        Assert.Equal(TokenFlaw.None, (await Verify(text)).Flaw);
        _signer.Withdraw();
        Assert.Equal(TokenFlaw.Invalid, (await Verify(text)).Flaw);
    }

    /// <summary>Every known way to have a token taken that Identity did not sign as it is.</summary>
    public static TheoryData<string> Attacks => [.. Forgeries.Keys];

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task AForgeryIsRefused(string attack)
    {
        var text = Forgeries[attack](this);
        Assert.Equal((null, TokenFlaw.Invalid), await Verify(text));
        Assert.Equal((null, TokenFlaw.Invalid), await Verify(text)); // And not remembered as good.
    }

    [Fact]
    public async Task TheForgeriesDifferFromAGoodTokenInTheirFlawOnly() =>
        Assert.Equal(TokenFlaw.None, (await Verify(Forge(Header(), Claims()))).Flaw);

    [Fact]
    public async Task NoChangedByteGetsThrough()
    {
        var text = _signer.Sign(Good());
        var random = new Random(7);
        for (var i = 0; i < text.Length; i++)
        {
            var letter = (char)random.Next('!', '~');
            if (letter == text[i]) continue;
            Assert.Null((await Verify(text[..i] + letter + text[(i + 1)..])).Token);
        }
    }

    [Fact]
    public void TokensThatWereSeenAreForgottenBeforeTheyFillTheMemory()
    {
        var verified = new VerifiedTokens(capacity: 100);
        var token = new VerifiedToken(Good(), "k", _signer.Public);
        var first = VerifiedTokens.IdOf("first");
        verified.Add(first, token);
        for (var i = 0; i < 10_000; i++)
        {
            verified.Add(VerifiedTokens.IdOf($"token {i}"), token);
            if (i % 10 == 0) Assert.NotNull(verified.Find(first)); // Used, so kept.
        }

        Assert.InRange(verified.Count, 1, 101);
        Assert.Null(verified.Find(VerifiedTokens.IdOf("token 0")));
    }

    [Theory]
    [InlineData("AQ", true)]
    [InlineData("AR", false)]
    [InlineData("AQI", true)]
    [InlineData("AQJ", false)]
    [InlineData("AQID", true)]
    [InlineData("A", false)]
    [InlineData("AQ==", false)]
    [InlineData("AQ I", false)]
    [InlineData("AQ\n", false)]
    [InlineData("+/A", false)]
    public void Base64UrlHasOneSpellingForEachValue(string text, bool good) => Assert.Equal(good, Base64Url.TryDecode(text, out _));

    internal string Forged(string attack) => Forgeries[attack](this);

    private static Dictionary<string, Func<TokenVerifierTests, string>> Forgeries { get; } = new(StringComparer.Ordinal)
    {
        ["nothing"] = _ => "",
        ["no token"] = _ => "nonsense",
        ["two parts"] = t => t.Signed(Header(t), Claims(t)),
        ["four parts"] = t => t.Forge(t.Header(), t.Claims()) + ".AAAA",
        ["alg none, no signature"] = t => t.Signed(Header(t, alg: "none"), Claims(t)) + ".",
        ["alg None, no signature"] = t => t.Signed(Header(t, alg: "None"), Claims(t)) + ".",
        ["no signature"] = t => t.Signed(Header(t), Claims(t)) + ".",
        ["HS256 with the public key as the secret"] = t => t.Hmac(t._signer.Key.ExportSubjectPublicKeyInfo()),
        ["HS256 with the public PEM as the secret"] = t => t.Hmac(Encoding.ASCII.GetBytes(t._signer.Key.ExportSubjectPublicKeyInfoPem())),
        ["RS256"] = t => t.Rsa(),
        ["ES384 named"] = t => t.Forge(Header(t, alg: "ES384"), Claims(t)),
        ["es256 in small letters"] = t => t.Forge(Header(t, alg: "es256"), Claims(t)),
        ["another key under a known name"] = t => t.ForgeWith(ECDsa.Create(ECCurve.NamedCurves.nistP256)),
        ["an unknown key name"] = t => t.Forge(Header(t, kid: "other"), Claims(t)),
        ["a key name that is a path"] = t => t.Forge(Header(t, kid: "../../dev/null"), Claims(t)),
        ["no key name"] = t => t.Forge("""{"alg":"ES256","typ":"at+jwt"}""", Claims(t)),
        ["a key of its own in the header"] = t => t.OwnKey(),
        ["a critical extension"] = t => t.Forge($$"""{"alg":"ES256","typ":"at+jwt","kid":"{{t._signer.Kid}}","crit":["b64"],"b64":false}""", Claims(t)),
        ["another kind of token"] = t => t.Forge(Header(t, typ: "JWT"), Claims(t)),
        ["no kind of token"] = t => t.Forge($$"""{"alg":"ES256","kid":"{{t._signer.Kid}}"}""", Claims(t)),
        ["alg twice"] = t => t.Forge($$"""{"alg":"none","typ":"at+jwt","kid":"{{t._signer.Kid}}","alg":"ES256"}""", Claims(t)),
        ["a claim twice"] = t => t.Forge(Header(t), Claims(t).Replace("\"role\":\"client\"", "\"role\":\"client\",\"role\":\"admin\"", StringComparison.Ordinal)),
        ["a claim twice, once escaped"] = t => t.Forge(Header(t), Claims(t).Replace("\"role\":\"client\"", "\"role\":\"client\",\"r\\u006fle\":\"admin\"", StringComparison.Ordinal)),
        ["bytes after the claims"] = t => t.Forge(Header(t), Claims(t) + "{}"),
        ["bytes after the header"] = t => t.Forge(Header(t) + " x", Claims(t)),
        ["a comment in the claims"] = t => t.Forge(Header(t), Claims(t) + "/**/"),
        ["claims that are a list"] = t => t.Forge(Header(t), "[]"),
        ["claims that are null"] = t => t.Forge(Header(t), "null"),
        ["claims nested too deep"] = t => t.Forge(Header(t), Change(t, "deep", JsonNode.Parse(new string('[', 20) + new string(']', 20)))),
        ["claims that are no UTF-8"] = t => t.ForgeBytes([.. Encoding.UTF8.GetBytes("{\"a\":\""), 0xff, .. Encoding.UTF8.GetBytes("\"}")]),
        ["a header that is no UTF-8"] = t => Sign($"{Base64Url.Encode([.. Encoding.UTF8.GetBytes("{\"kid\":\""), 0xff, .. Encoding.UTF8.GetBytes("\",\"alg\":\"ES256\",\"typ\":\"at+jwt\"}")])}.{Text(Claims(t))}", t._signer.Key),
        ["half a surrogate in the header"] = t => t.Forge(Header(t, kid: "\\ud800"), Claims(t)),
        ["half a surrogate in a claim"] = t => t.Forge(Header(t), Claims(t).Replace("ann@", "\\ud800@", StringComparison.Ordinal)),
        ["half a surrogate in a claim's name"] = t => t.Forge(Header(t), Claims(t).Replace("\"email\"", "\"\\ud800\"", StringComparison.Ordinal)),
        ["another issuer"] = t => t.Forge(Header(t), Change(t, "iss", "someone")),
        ["another audience"] = t => t.Forge(Header(t), Change(t, "aud", "someone")),
        ["several audiences"] = t => t.Forge(Header(t), Change(t, "aud", new JsonArray("fitflow", "other"))),
        ["no expiry"] = t => t.Forge(Header(t), Change(t, "exp", null)),
        ["an expiry in words"] = t => t.Forge(Header(t), Change(t, "exp", "9999999999")),
        ["an expiry beyond all time"] = t => t.Forge(Header(t), Change(t, "exp", 99999999999999)),
        ["a fraction for expiry"] = t => t.Forge(Header(t), Change(t, "exp", 9999999999.5)),
        ["a start in words"] = t => t.Forge(Header(t), Change(t, "nbf", "now")),
        ["no subject"] = t => t.Forge(Header(t), Change(t, "sub", null)),
        ["a subject that is no id"] = t => t.Forge(Header(t), Change(t, "sub", "admin")),
        ["the empty id as subject"] = t => t.Forge(Header(t), Change(t, "sub", Guid.Empty.ToString())),
        ["no role"] = t => t.Forge(Header(t), Change(t, "role", null)),
        ["an unknown role"] = t => t.Forge(Header(t), Change(t, "role", "root")),
        ["a list of roles"] = t => t.Forge(Header(t), Change(t, "role", new JsonArray("admin"))),
        ["no session"] = t => t.Forge(Header(t), Change(t, "sid", null)),
        ["no token id"] = t => t.Forge(Header(t), Change(t, "jti", null)),
        ["no issue time"] = t => t.Forge(Header(t), Change(t, "iat", null)),
        ["a service with a session"] = t => t.Forge(Header(t), Change(t, "sub", "service:x")),
        ["a person with a service's role"] = t => t.Forge(Header(t), Change(t, "role", "service")),
        ["studios that are no list"] = t => t.Forge(Header(t), Change(t, "studios", "all")),
        ["a studio without roles"] = t => t.Forge(Header(t), Change(t, "studios", new JsonArray(new JsonObject { ["id"] = Guid.Empty.ToString() }))),
        ["the signature in DER"] = t => t.Der(),
        ["a longer signature"] = t => t.Resign(signature => [.. signature, 0]),
        ["a shorter signature"] = t => t.Resign(signature => signature[..63]),
        ["r and s of zero"] = t => t.Resign(_ => new byte[64]),
        ["r and s of the group's order"] = t => t.Resign(_ => Convert.FromHexString(string.Concat(Enumerable.Repeat("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 2)))),
        ["padding"] = t => t.Forge(t.Header(), t.Claims()) + "==",
        ["another spelling of the signature"] = t => Respell(t.Forge(t.Header(), t.Claims())),
        ["white space"] = t => " " + t.Forge(t.Header(), t.Claims()),
        ["a line break at the end"] = t => t.Forge(t.Header(), t.Claims()) + "\n",
        ["letters beyond ASCII"] = t => t.Forge(t.Header(), t.Claims()) + "ä",
        ["more than 8 kB"] = t => t.Forge(Header(t), Change(t, "email", new string('a', 8_000))),
        ["dots only"] = _ => "..",
        ["a megabyte"] = _ => new string('a', 1_000_000),
    };

    private Task<(AccessToken? Token, TokenFlaw Flaw)> Verify(string text) => Verifier.Verify(text, CancellationToken.None).AsTask();

    private AccessToken Good() => Given.Person() with { IssuedAt = Whole(_clock.GetUtcNow()), ExpiresAt = Whole(_clock.GetUtcNow()).AddMinutes(15) };

    private static DateTimeOffset Whole(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());

    private string Header() => Header(this);

    private static string Header(TokenVerifierTests t, string alg = "ES256", string typ = "at+jwt", string? kid = null) =>
        $$"""{"alg":"{{alg}}","typ":"{{typ}}","kid":"{{kid ?? t._signer.Kid}}"}""";

    private string Claims() => Claims(this);

    private static string Claims(TokenVerifierTests t)
    {
        Assert.True(Base64Url.TryDecode(t._signer.Sign(t.Good()).Split('.')[1], out var json));
        return Encoding.UTF8.GetString(json);
    }

    private static string Change(TokenVerifierTests t, string claim, JsonNode? value)
    {
        var claims = JsonNode.Parse(Claims(t))!.AsObject();
        claims.Remove(claim);
        if (value is not null) claims[claim] = value;
        return claims.ToJsonString();
    }

    private string Signed(string header, string claims) => $"{Text(header)}.{Text(claims)}";

    private string Forge(string header, string claims) => Sign(Signed(header, claims), _signer.Key);

    private string ForgeBytes(byte[] claims) => Sign($"{Text(Header())}.{Base64Url.Encode(claims)}", _signer.Key);

    private string ForgeWith(ECDsa key) => Sign(Signed(Header(), Claims()), key);

    private string OwnKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var header = $$"""{"alg":"ES256","typ":"at+jwt","kid":"own","jku":"http://evil.example/keys","jwk":{{JsonSerializer.Serialize(Jwk.From(key, "own"))}}}""";
        return Sign(Signed(header, Claims()), key);
    }

    private string Hmac(byte[] secret)
    {
        var signed = Signed(Header(this, alg: "HS256"), Claims());
        return $"{signed}.{Base64Url.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}";
    }

    private string Rsa()
    {
        using var rsa = RSA.Create(2048);
        var signed = Signed(Header(this, alg: "RS256"), Claims());
        return $"{signed}.{Base64Url.Encode(rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private string Der()
    {
        var signed = Signed(Header(), Claims());
        return $"{signed}.{Base64Url.Encode(_signer.Key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))}";
    }

    private string Resign(Func<byte[], byte[]> change)
    {
        var parts = Forge(Header(), Claims()).Split('.');
        Assert.True(Base64Url.TryDecode(parts[2], out var signature));
        return $"{parts[0]}.{parts[1]}.{Base64Url.Encode(change(signature))}";
    }

    // 64 bytes leave four bits of the last letter unused: A, Q, g or w may stand there, and their neighbours mean the same.
    private static string Respell(string token) => token[..^1] + (char)(token[^1] + 1);

    private static string Sign(string signed, ECDsa key) =>
        $"{signed}.{Base64Url.Encode(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))}";

    private static string Text(string json) => Base64Url.Encode(Encoding.UTF8.GetBytes(json));
}
