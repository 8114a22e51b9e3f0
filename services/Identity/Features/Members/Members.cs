using FitFlow.Identity.Features.Invitations;
using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Identity.Features.Members;

internal static class Members
{
    // Those that reckon with what somebody is in a studio, and ask as themselves: it does not depend on who wants to know.
    private static readonly string[] Services = ["scheduling", "training", "progress", "notifications", "payments", "messaging"];

    public static void AddMembers(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<MembershipRows>();
        builder.Services.AddSingleton<InvitationLetters>();
    }

    public static void MapMembers(this IEndpointRouteBuilder routes)
    {
        var members = routes.MapGroup("/studios/{studio_id}/members").InStudio();

        members.MapGet("/", ListMembers.Handle).Allow(Admin, GymOwner);
        members.MapPost("/batch", GetMembersBatch.Handle).AllowServices(Services);
        members.MapPut("/{user_id:guid}", SetRoles.Handle).Allow(Admin, GymOwner);
        members.MapDelete("/{user_id:guid}", RemoveMember.Handle).Allow(Everyone);
    }
}
