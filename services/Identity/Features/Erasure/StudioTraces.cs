using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Identity.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Erasure;

/// What somebody is in studios: ended in each of them, unless one would be left with members and without an owner.
internal sealed class StudioTraces(TimeProvider clock)
{
    private sealed record Held(Guid Studio, string Roles);

    private sealed record Ownerless(Guid Id, string Name);

    /// Null when it is done.
    public async Task<ProblemHttpResult?> Erase(Transaction tx, Guid person)
    {
        var ownerless = new List<Ownerless>();
        foreach (var held in await Memberships(tx, person))
        {
            if (await Leave(tx.ForTenant(held.Studio), person) is { } studio) ownerless.Add(studio);
        }

        if (ownerless.Count > 0)
        {
            return Problems.Conflict(
                "erasure.last_owner",
                "Some studios would be left with members and without an owner. Make somebody else an owner of each, or remove its members, and try again.",
                ("studios", ownerless));
        }

        return null;
    }

    private static async Task<IReadOnlyList<Held>> Memberships(Transaction tx, Guid person) => await tx.ForPerson(person).Query<Held>(
        """
        SELECT tenant_id AS studio, roles
        FROM memberships_mine
        ORDER BY tenant_id
        """);

    /// The studio, if it would be left without an owner.
    private async Task<Ownerless?> Leave(Transaction tx, Guid person)
    {
        if (await Studio.Lock(tx) is not { } studio) return null;
        var others = await tx.Query<string>("SELECT roles FROM memberships WHERE owner_id <> @Person", new { person });
        if (others.Count > 0 && !others.Any(roles => Members.Memberships.Parse(roles).HasFlag(Role.GymOwner))) return new Ownerless(studio.Id, studio.Name);

        await tx.Execute("DELETE FROM coachings WHERE trainer_id = @Person OR client_id = @Person", new { person });
        await tx.Execute("DELETE FROM memberships WHERE owner_id = @Person", new { person });
        tx.Append(new MembershipChanged(person, studio.Id, []));
        if (others.Count == 0 && studio.IsActive) await Close(tx, studio);
        return null;
    }

    /// Nobody is left to run it.
    private async Task Close(Transaction tx, Studio studio)
    {
        await tx.Execute("UPDATE studios SET is_active = FALSE, version = version + 1, updated_at = @Now", new { Now = clock.GetUtcNow() });
        tx.Append(new StudioUpdated(studio.Id, ["is_active"], studio.TimeZone, studio.Currency, studio.TaxRegion, IsActive: false));
    }
}
