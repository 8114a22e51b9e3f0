using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults.Tokens;

namespace FitFlow.Identity.Features.Keys;

/// What a signed-in person is handed: short-lived, signed, read by every service alone.
internal sealed class AccessTokens(SigningKeys keys, TokenOptions options, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public async Task<string> For(User user, Guid session, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await keys.Sign(new AccessToken
        {
            Subject = user.Id.ToString(),
            Email = user.Email,
            Role = user.Role,
            SessionId = session,
            TokenId = Guid.CreateVersion7(now).ToString(),
            Issuer = options.Issuer,
            Audience = options.Audience,
            IssuedAt = now,
            ExpiresAt = now + Lifetime,
        }, ct);
    }
}
