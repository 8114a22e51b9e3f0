using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Passkeys;

/// Whose passkey it is, and whether they may sign in. What devices keep of a person is the handle: no address, no name.
internal sealed record Holder(
    Guid Id, string Email, Role Role, string FirstName, string LastName, DateTimeOffset CreatedAt, string Language,
    DateTimeOffset? EmailVerifiedAt, DateTimeOffset? DeactivatedAt)
{
    public User User => new(Id, Email, Role, FirstName, LastName, CreatedAt);

    public string Handle => HandleOf(Id);

    public static string HandleOf(Guid person) => person.ToString("N");

    public static Guid? PersonOf(string handle) => Guid.TryParseExact(handle, "N", out var person) ? person : null;
}
