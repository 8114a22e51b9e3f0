using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Coachings;
using FitFlow.Identity.Features.Members;
using FitFlow.Identity.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Invitations;

/// Whoever was invited comes in, once, as what they were invited as, besides what they are there. A trainer's client is coached by them.
internal static class AcceptInvitation
{
    public sealed record Request([Required, StringLength(StudioToken.Length)] string Token);

    public static async Task<Results<Ok<Joined>, ProblemHttpResult>> Handle(
        Request request, Caller caller, Db db, MembershipRows members, TimeProvider clock, CancellationToken ct)
    {
        if (StudioToken.Parse(request.Token) is not { } token) return Invitation.Unknown();
        return await db.ForTenant(token.Studio).InTransaction<Results<Ok<Joined>, ProblemHttpResult>>(async tx =>
        {
            var now = clock.GetUtcNow();
            if (await Studio.Lock(tx) is not { } studio || await Find(tx, token.Hash, now) is not { } invitation) return Invitation.Unknown();
            var roles = Memberships.Parse(invitation.Roles);
            var inviter = await Memberships.RightsOf(tx, invitation.InvitedBy);
            if (!Invitation.May(inviter, roles)) return Invitation.Unknown();
            if (!await IsMine(tx, caller.Id, invitation.Email)) return OtherAddress();
            if (!studio.IsActive) return Studio.Inactive();

            var held = await Memberships.RolesOf(tx, caller.Id);
            if (held == Role.None && !await Memberships.HasRoom(tx, caller.Id)) return MemberProblems.NoRoom();
            await tx.Execute("DELETE FROM invitations WHERE id = @Id", new { invitation.Id });
            await members.Set(tx, caller.Id, held | roles);
            if (!Memberships.Runs(inviter) && invitation.InvitedBy != caller.Id) await Coaching.Begin(tx, invitation.InvitedBy, caller.Id, now);
            return TypedResults.Ok(Joined.In(studio, held | roles));
        }, ct);
    }

    private static Task<Invitation.Row?> Find(Transaction tx, byte[] hash, DateTimeOffset now) => tx.QueryOne<Invitation.Row>(
        """
        SELECT id, email, roles, invited_by, created_at, expires_at
        FROM invitations
        WHERE token_hash = @Hash AND expires_at > @Now
        """, new { hash, now });

    private static Task<bool> IsMine(Transaction tx, Guid person, string email) => tx.QueryOne<bool>(
        "SELECT EXISTS (SELECT 1 FROM users WHERE id = @Person AND email = @Email AND email_verified_at IS NOT NULL)", new { person, email });

    private static ProblemHttpResult OtherAddress() =>
        Problems.Conflict("invitations.other_address", "This invitation is for another e-mail address. Sign in with the account that has it.");
}
