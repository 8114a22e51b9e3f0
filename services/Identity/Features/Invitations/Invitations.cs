using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Identity.Features.Invitations;

internal static class Invitations
{
    public static void MapInvitations(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/invitations/accept", AcceptInvitation.Handle).Allow(Everyone);
        routes.MapPost("/studios/join", JoinStudio.Handle).Allow(Everyone);

        var studio = routes.MapGroup("/studios/{studio_id}").InStudio();

        studio.MapPost("/invitations", InvitePerson.Handle).Allow(Admin, GymOwner, Trainer);
        studio.MapGet("/invitations", ListInvitations.Handle).Allow(Admin, GymOwner, Trainer);
        studio.MapDelete("/invitations/{id:guid}", RevokeInvitation.Handle).Allow(Admin, GymOwner, Trainer);

        studio.MapPost("/join-link", MakeJoinLink.Handle).Allow(Admin, GymOwner);
        studio.MapDelete("/join-link", EndJoinLink.Handle).Allow(Admin, GymOwner);
    }
}
