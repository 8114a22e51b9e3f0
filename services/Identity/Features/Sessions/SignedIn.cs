using FitFlow.Identity.Features.Keys;
using FitFlow.Identity.Features.Users;

namespace FitFlow.Identity.Features.Sessions;

/// A session as it was just started or refreshed, with the secrets that only its holder gets.
internal sealed record SignedIn(User User, Guid Session, string AccessToken, string RefreshToken)
{
    public sealed record Response(string AccessToken, string TokenType, int ExpiresIn, string RefreshToken, int RefreshExpiresIn, User User);

    public Response Answer() => new(
        AccessToken, "Bearer", (int)AccessTokens.Lifetime.TotalSeconds, RefreshToken, (int)SessionRows.Lifetime.TotalSeconds, User);
}
