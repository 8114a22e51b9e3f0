using FitFlow.Identity.Features.Keys;
using FitFlow.Identity.Features.Users;

namespace FitFlow.Identity.Features.Sessions;

/// A session as it was just started or refreshed, with the secrets that only its holder gets. Only a browser's has a CSRF token.
internal sealed record SignedIn(User User, Guid Session, string AccessToken, string RefreshToken, string? Csrf = null)
{
    /// `refresh_token` is null in a browser session: there it is a cookie.
    public sealed record Response(string AccessToken, string TokenType, int ExpiresIn, string? RefreshToken, int RefreshExpiresIn, User User);

    public Response Answer() => new(
        AccessToken, "Bearer", (int)AccessTokens.Lifetime.TotalSeconds, RefreshToken, (int)SessionRows.Lifetime.TotalSeconds, User);
}
