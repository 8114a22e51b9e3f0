using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace FitFlow.Identity.Features.Accounts;

/// PBKDF2-SHA512 through the framework's own hasher, at the count that OWASP asks for.
internal sealed class Passwords
{
    private static readonly object Nobody = new();

    private readonly PasswordHasher<object> _hasher =
        new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));

    private readonly string _hashOfNobody;

    public Passwords() => _hashOfNobody = _hasher.HashPassword(Nobody, "nobody's password");

    public string Hash(string password) => _hasher.HashPassword(Nobody, password);

    /// An unknown account costs as much as a wrong password: the time tells nothing.
    public bool Verify(string? hash, string password) =>
        _hasher.VerifyHashedPassword(Nobody, hash ?? _hashOfNobody, password) != PasswordVerificationResult.Failed && hash is not null;
}
