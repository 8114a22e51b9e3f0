using FitFlow.Data;
using FitFlow.Identity.Features.Members;
using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults.Tokens;

namespace FitFlow.Identity.Features.Keys;

/// What a signed-in person is handed: short-lived, signed, read by every service alone.
internal sealed class AccessTokens(SigningKeys keys, TokenOptions options, Db db, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public async Task<string> For(User user, Guid session, CancellationToken ct)
    {
        // The time first: what is taken away after this was read is denied to all that was signed before.
        var now = clock.GetUtcNow();
        var studios = await Memberships.Of(db, user.Id, ct);
        return await keys.Sign(new AccessToken
        {
            Subject = user.Id.ToString(),
            Email = user.Email,
            Role = Memberships.Highest(studios.Aggregate(user.Role, (all, studio) => all | studio.Roles)),
            Studios = studios,
            SessionId = session,
            TokenId = Guid.CreateVersion7(now).ToString(),
            Issuer = options.Issuer,
            Audience = options.Audience,
            IssuedAt = now,
            ExpiresAt = now + Lifetime,
        }, ct);
    }
}
