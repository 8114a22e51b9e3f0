using FitFlow.Identity.Features.Members;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Invitations;

/// Somebody is asked to come into a studio. What they are sent is not here.
internal sealed record Invitation(Guid Id, string Email, IReadOnlyList<Role> Roles, Guid InvitedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    public sealed record Row(Guid Id, string Email, string Roles, Guid InvitedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
    {
        public Invitation Invitation => new(Id, Email, Memberships.Each(Memberships.Parse(Roles)), InvitedBy, CreatedAt, ExpiresAt);
    }

    /// Those who run the studio invite anybody as anything, trainers their clients. Asked again when it is accepted.
    public static bool May(Role rights, Role invited) => Memberships.Runs(rights) || (rights.HasFlag(Role.Trainer) && invited == Role.Client);

    /// One answer to whatever leads nowhere, so that nobody learns what once was.
    public static ProblemHttpResult Unknown() =>
        Problems.NotFound("invitations.unknown", "This invitation does not lead anywhere any more. Ask for a new one.");
}
