using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Identity.Features.Coachings;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Members;

/// The one place where somebody comes into a studio, becomes something else there, or leaves it: with the studio locked, and with all that
/// hangs on it.
internal sealed class MembershipRows(Denials.Denials denials, TimeProvider clock)
{
    /// From now on the person is exactly this in the transaction's studio; nothing means that they leave.
    public async Task Set(Transaction tx, Guid person, Role roles)
    {
        var held = await Memberships.RolesOf(tx, person);
        if (held == roles) return;

        if (roles == Role.None) await tx.Execute("DELETE FROM memberships WHERE owner_id = @Person", new { person });
        else await Write(tx, person, roles);
        tx.Append(new MembershipChanged(person, tx.Tenant!.Value, Roles.NamesOf(roles)));
        if (held == Role.None) return;

        // A token that says too little does no harm: whoever comes in refreshes their own. One that says too much, or is another's doing, dies.
        await Coaching.EndAll(tx, person, asTrainer: !roles.HasFlag(Role.Trainer), asClient: !roles.HasFlag(Role.Client));
        await EndInvitations(tx, person, roles);
        await denials.Deny(tx, person);
    }

    private Task Write(Transaction tx, Guid person, Role roles) => tx.Execute(
        """
        INSERT INTO memberships (tenant_id, owner_id, roles, since)
        VALUES (@Studio, @Person, @Roles, @Now)
        ON DUPLICATE KEY UPDATE roles = @Roles
        """, new { Studio = tx.Tenant, person, Roles = Memberships.Write(roles), Now = clock.GetUtcNow() });

    /// What somebody may not hand out any more, they have not handed out.
    private static Task EndInvitations(Transaction tx, Guid person, Role roles) => tx.Execute(
        """
        DELETE FROM invitations
        WHERE invited_by = @Person AND NOT @IsOwner AND NOT (@IsTrainer AND roles = 'client')
        """, new { person, IsOwner = roles.HasFlag(Role.GymOwner), IsTrainer = roles.HasFlag(Role.Trainer) });
}
