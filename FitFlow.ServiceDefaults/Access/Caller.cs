using System.Security.Claims;
using FitFlow.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Http;

namespace FitFlow.ServiceDefaults;

/// <summary>
/// Who is calling: a person, or a service for which nobody is signed in. Handlers take it as a parameter; on a public route as
/// <c>Caller?</c>, null when nobody is signed in.
/// </summary>
public sealed class Caller
{
    private readonly Guid? _studio;

    internal Caller(AccessToken token, Guid? studio = null)
    {
        Token = token;
        _studio = studio;
    }

    /// <summary>The person's id. A service has none: say <c>AllowServices</c> only where that is thought of.</summary>
    public Guid Id => Token.PersonId ?? throw new InvalidOperationException($"{Token.Subject} is no person.");

    public string? Email => Token.Email;

    /// <summary>The role on the platform.</summary>
    public Role Role => Token.Role;

    public IReadOnlyList<Membership> Studios => Token.Studios;

    /// <summary>The session of the sign-in that this token came from.</summary>
    public Guid? SessionId => Token.SessionId;

    public bool IsService => Token.Service is not null;

    /// <summary>The calling service's name, if a service calls.</summary>
    public string? Service => Token.Service;

    /// <summary>The studio that this request is about, on routes that are <c>InStudio</c>.</summary>
    public Guid Studio => _studio ?? throw new InvalidOperationException("This route is not in a studio: say InStudio() on its group.");

    /// <summary>The studio that this request is about; null when an admin asks for all, on routes that are <c>InStudioOrAll</c>.</summary>
    public Guid? StudioOrAll => _studio;

    /// <summary>
    /// What the caller is here: in a studio, the roles held there; elsewhere the platform role. A platform admin is an admin everywhere.
    /// </summary>
    public Role Roles => _studio is { } id ? RolesIn(id) : Role;

    public AccessToken Token { get; }

    public bool Is(Role role) => (Roles & role) != Role.None;

    public bool IsMemberOf(Guid studioId) => Find(studioId) is not null;

    /// <summary>The roles held in that studio. Nobody is admin of a studio: only the platform makes admins.</summary>
    public Role RolesIn(Guid studioId) => ((Find(studioId)?.Roles ?? Role.None) & ~Role.Admin) | (Role & Role.Admin);

    private Membership? Find(Guid studioId)
    {
        foreach (var membership in Token.Studios)
        {
            if (membership.Id == studioId) return membership;
        }

        return null;
    }

    /// <summary>How a handler gets its parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => new(Of(context));

    internal static Caller? Of(HttpContext? context) => context?.Features.Get<Caller>();

    internal void Enter(HttpContext context)
    {
        context.Features.Set(this);
        context.User = new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, Token.Subject)], authenticationType: "Bearer"));
    }
}
