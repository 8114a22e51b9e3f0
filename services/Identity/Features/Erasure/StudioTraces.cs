using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Identity.Features.Members;
using FitFlow.Identity.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Erasure;

/// What somebody is in studios: read for the export, ended for the erasure.
internal sealed class StudioTraces(Db db, MembershipRows members, TimeProvider clock)
{
    public sealed record Membership(Guid StudioId, IReadOnlyList<Role> Roles, DateTimeOffset Since);

    public sealed record Coaching(Guid StudioId, Guid TrainerId, Guid ClientId, DateTimeOffset Since);

    public sealed record Invitation(Guid StudioId, string Roles, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

    private sealed record Held(Guid StudioId, string Roles, DateTimeOffset Since);

    private sealed record Left(Studio Studio, bool IsEmpty);

    private sealed record Ownerless(Guid Id, string Name);

    public static async Task<IReadOnlyList<Membership>> Memberships(Transaction tx, Guid person) =>
        [.. (await Of(tx, person)).Select(held => new Membership(held.StudioId, Members.Memberships.Each(Members.Memberships.Parse(held.Roles)), held.Since))];

    public static async Task<IReadOnlyList<Coaching>> Coachings(Transaction tx, Guid person)
    {
        var found = new List<Coaching>();
        foreach (var held in await Of(tx, person))
        {
            found.AddRange(await tx.ForTenant(held.StudioId).Query<Coaching>(
                """
                SELECT tenant_id AS studio_id, trainer_id, client_id, since
                FROM coachings
                WHERE trainer_id = @Person OR client_id = @Person
                """, new { person }));
        }

        return found;
    }

    /// Those that wait for whoever has the address.
    public Task<IReadOnlyList<Invitation>> Invitations(string email, CancellationToken ct) =>
        db.AcrossTenants("invitations to an address, for whom it belongs to").Query<Invitation>(
            """
            SELECT tenant_id AS studio_id, roles, created_at, expires_at
            FROM invitations_across
            WHERE email = @Email
            ORDER BY tenant_id
            """, new { email }, ct);

    /// Null when it is done; else the studios that would be left with members and without an owner, and nothing has happened to any: each is
    /// asked before the first is left, since what is refused commits like anything else.
    public async Task<ProblemHttpResult?> Erase(Transaction tx, Guid person, string email)
    {
        var left = new List<Left>();
        var ownerless = new List<Ownerless>();
        foreach (var held in await Of(tx, person))
        {
            var here = tx.ForTenant(held.StudioId);
            if (await Studio.Lock(here) is not { } studio) continue;
            left.Add(new Left(studio, await IsEmptyWithout(here, person)));
            if (!left[^1].IsEmpty && await Members.Memberships.IsLastOwner(here, person)) ownerless.Add(new Ownerless(studio.Id, studio.Name));
        }

        if (ownerless.Count > 0)
        {
            return Problems.Conflict(
                "erasure.last_owner",
                "Some studios would be left with members and without an owner. Make somebody else an owner of each, or remove its members, and try again.",
                ("studios", ownerless));
        }

        foreach (var (studio, isEmpty) in left)
        {
            var here = tx.ForTenant(studio.Id);
            await members.Set(here, person, Role.None);
            if (isEmpty) await Close(here, studio);
        }

        foreach (var invitation in await Invitations(email, tx.CancellationToken))
        {
            await tx.ForTenant(invitation.StudioId).Execute("DELETE FROM invitations WHERE email = @Email", new { email });
        }

        return null;
    }

    private static Task<IReadOnlyList<Held>> Of(Transaction tx, Guid person) => tx.ForPerson(person).Query<Held>(
        """
        SELECT tenant_id AS studio_id, roles, since
        FROM memberships_mine
        ORDER BY tenant_id
        """);

    private static async Task<bool> IsEmptyWithout(Transaction tx, Guid person) =>
        await tx.QueryOne<long>("SELECT COUNT(*) FROM memberships WHERE owner_id <> @Person", new { person }) == 0;

    /// Nobody is left to run it, and nobody is to come in by an old link.
    private async Task Close(Transaction tx, Studio studio)
    {
        await tx.Execute("DELETE FROM join_links");
        await tx.Execute("DELETE FROM invitations");
        if (!studio.IsActive) return;
        await tx.Execute("UPDATE studios SET is_active = FALSE, version = version + 1, updated_at = @Now", new { Now = clock.GetUtcNow() });
        tx.Append(new StudioUpdated(studio.Id, ["is_active"], studio.TimeZone, studio.Currency, studio.TaxRegion, IsActive: false));
    }
}
