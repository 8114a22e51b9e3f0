using FitFlow.Data;
using FitFlow.Identity.Features.Members;
using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults;
using FitFlow.ServiceDefaults.Tokens;

namespace FitFlow.Identity.Features.Keys;

/// What a signed-in person is handed: short-lived, signed, read by every service alone.
internal sealed class AccessTokens(SigningKeys keys, TokenOptions options, Db db, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = AccessToken.Lifetime;

    private sealed record Standing(Role Role);

    /// Not in a transaction that has changed the person: this would wait for itself.
    public async Task<string> For(User user, Guid session, CancellationToken ct)
    {
        // The time first, then what is to be said, waiting for whoever is changing it: a token says what is new, or is older than its denial.
        var now = clock.GetUtcNow();
        var role = await RoleOf(user, ct);
        var studios = await Memberships.Of(db, user.Id, ct);
        var token = Signed(user.Id.ToString(), now) with
        {
            Email = user.Email,
            Role = Memberships.Highest(studios.Aggregate(role, (all, studio) => all | studio.Roles)),
            Studios = studios,
            SessionId = session,
        };
        return await keys.Sign(token, ct);
    }

    /// For calls that no person started.
    public Task<string> ForService(string name, CancellationToken ct) => keys.Sign(Signed(AccessToken.SubjectOf(name), clock.GetUtcNow()), ct);

    private async Task<Role> RoleOf(User user, CancellationToken ct)
    {
        var standing = await db.Global().QueryOne<Standing>(
            """
            SELECT role
            FROM users
            WHERE id = @Id
            LOCK IN SHARE MODE
            """, new { user.Id }, ct);
        return standing?.Role ?? user.Role;
    }

    private AccessToken Signed(string subject, DateTimeOffset now) => new()
    {
        Subject = subject,
        TokenId = Guid.CreateVersion7(now).ToString(),
        Issuer = options.Issuer,
        Audience = options.Audience,
        IssuedAt = now,
        ExpiresAt = now + Lifetime,
    };
}
