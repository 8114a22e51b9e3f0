using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using FitFlow.ServiceDefaults;
using FitFlow.ServiceDefaults.Tokens;

namespace FitFlow.Bench.Tokens;

/// <summary>
/// The check of a trainer's token with three studios, as the services do it, and beside it in the same run what cannot be saved: one
/// verification of the hash by the platform's ECDsa.
/// </summary>
public class TokenChecks : IKeySource
{
    // More than are remembered: whenever one comes round again, it is new again.
    private const int Many = 24_000;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string[] _tokens = new string[Many];
    private readonly TokenVerifier _verifier;
    private readonly VerificationKey _public;
    private readonly ECDsa _bare;
    private readonly byte[] _hash;
    private readonly byte[] _signature;
    private readonly DenyList _denied;
    private int _next;

    public TokenChecks()
    {
        _public = new VerificationKey(_key);
        _bare = ECDsa.Create(_key.ExportParameters(includePrivateParameters: false));
        var options = new TokenOptions();
        _denied = new DenyList(TimeProvider.System, options);
        for (var i = 0; i < 1_000; i++) _denied.Add(new DeniedTokens(NewId(), TimeProvider.System.GetUtcNow()));
        _verifier = new TokenVerifier(this, options, TimeProvider.System, [_denied.Denies]);
        for (var i = 0; i < Many; i++) _tokens[i] = TokenWriter.Write(Token(options), _key, "the-key");

        _hash = SHA256.HashData(Encoding.ASCII.GetBytes(_tokens[0][.._tokens[0].LastIndexOf('.')]));
        _signature = _key.SignHash(_hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        _ = Seen();
    }

    [Benchmark(Baseline = true)]
    public bool BareVerifyHash() => _bare.VerifyHash(_hash, _signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    [Benchmark]
    public AccessToken New()
    {
        _next = (_next + 1) % Many;
        return Check(_tokens[_next]);
    }

    [Benchmark]
    public AccessToken Seen() => Check(_tokens[0]);

    public ValueTask<VerificationKey?> Find(string kid, CancellationToken ct) => new(_public);

    private AccessToken Check(string token)
    {
        var check = _verifier.Verify(token, CancellationToken.None);
        return check.IsCompletedSuccessfully && check.Result.Token is { } good ? good : throw new InvalidOperationException("A good token was refused.");
    }

    private static AccessToken Token(TokenOptions options)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new AccessToken
        {
            Subject = NewId().ToString(),
            Email = "ann.trainer@example.org",
            Role = Role.Trainer,
            Studios = [new Membership(NewId(), Role.Trainer), new Membership(NewId(), Role.Trainer | Role.GymOwner), new Membership(NewId(), Role.Client)],
            SessionId = NewId(),
            TokenId = NewId().ToString(),
            Issuer = options.Issuer,
            Audience = options.Audience,
            IssuedAt = now,
            ExpiresAt = now.AddHours(2),
        };
    }

    private static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
}
