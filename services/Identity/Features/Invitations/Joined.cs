using FitFlow.Identity.Features.Members;
using FitFlow.Identity.Features.Studios;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Invitations;

/// Where somebody came in, and what they are there. Their token does not know yet: a refreshed one does.
internal sealed record Joined(Guid StudioId, string StudioName, IReadOnlyList<Role> Roles)
{
    public static Joined In(Studio studio, Role roles) => new(studio.Id, studio.Name, Memberships.Each(roles));
}
