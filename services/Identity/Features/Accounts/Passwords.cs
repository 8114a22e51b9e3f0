using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace FitFlow.Identity.Features.Accounts;

internal enum PasswordCheck
{
    Wrong,
    Right,

    /// Right, and kept at a lower cost than today's.
    RightButCheap,
}

/// PBKDF2-SHA512 through the framework's own hasher, at the count that OWASP asks for.
internal sealed class Passwords
{
    private static readonly object Nobody = new();

    private readonly PasswordHasher<object> _hasher =
        new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));

    private readonly string _hashOfNobody;

    public Passwords() => _hashOfNobody = _hasher.HashPassword(Nobody, "nobody's password");

    public string Hash(string password) => _hasher.HashPassword(Nobody, password);

    /// An unknown account, and one without a password, costs as much as a wrong password: the time tells nothing.
    public PasswordCheck Verify(string? hash, string password)
    {
        var result = _hasher.VerifyHashedPassword(Nobody, hash ?? _hashOfNobody, password);
        return (hash, result) switch
        {
            (null, _) or (_, PasswordVerificationResult.Failed) => PasswordCheck.Wrong,
            (_, PasswordVerificationResult.SuccessRehashNeeded) => PasswordCheck.RightButCheap,
            _ => PasswordCheck.Right,
        };
    }
}
