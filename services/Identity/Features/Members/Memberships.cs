using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using FitFlow.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Members;

/// Who belongs to which studio, as what: the truth that tokens repeat for a while.
internal static class Memberships
{
    /// Each token names all of them, and travels in a header.
    public const int MostStudios = 50;

    private sealed record Held(Guid Id, string Roles);

    private sealed record Standing(Role Platform, string Roles);

    /// The studios of a person. Waits for a change that is under way: the token that is made of this either knows of it or is denied by it.
    public static async Task<IReadOnlyList<Membership>> Of(Db db, Guid person, CancellationToken ct)
    {
        var held = await db.ForPerson(person).Query<Held>(
            """
            SELECT tenant_id AS id, roles
            FROM memberships_mine
            ORDER BY tenant_id
            LOCK IN SHARE MODE
            """, ct);
        return [.. held.Select(membership => new Membership(membership.Id, Parse(membership.Roles)))];
    }

    /// What the person is in the transaction's studio by the tables, where a token could be older than the truth. A platform admin is one everywhere.
    public static async Task<Role> RolesOf(Transaction tx, Guid person)
    {
        var standing = await tx.QueryOne<Standing>(
            """
            SELECT u.role AS platform, COALESCE(m.roles, '') AS roles
            FROM users u
            LEFT JOIN memberships m ON m.owner_id = u.id
            WHERE u.id = @Person AND u.deactivated_at IS NULL AND u.erased_at IS NULL
            """, new { person });
        return standing is null ? Role.None : Parse(standing.Roles) | (standing.Platform & Role.Admin);
    }

    /// From now on the person is exactly this in the transaction's studio. Taking something away is to be followed by a denial.
    public static async Task Set(Transaction tx, Guid person, Role roles, TimeProvider clock)
    {
        await tx.Execute(
            """
            INSERT INTO memberships (tenant_id, owner_id, roles, since)
            VALUES (@Studio, @Person, @Roles, @Now)
            ON DUPLICATE KEY UPDATE roles = @Roles
            """, new { Studio = tx.Tenant, person, Roles = Write(roles), Now = clock.GetUtcNow() });
        tx.Append(new MembershipChanged(person, tx.Tenant!.Value, Roles.NamesOf(roles)));
    }

    /// Whether the person may join one more. The row of the person is locked: two studios do not both take the last place.
    public static async Task<bool> HasRoom(Transaction tx, Guid person)
    {
        await tx.Query<Guid>("SELECT id FROM users WHERE id = @Person FOR UPDATE", new { person });
        return await tx.ForPerson(person).QueryOne<int>("SELECT COUNT(*) FROM memberships_mine") < MostStudios;
    }

    public static ProblemHttpResult NoRoom() =>
        Problems.Conflict("members.too_many_studios", $"Nobody belongs to more than {MostStudios} studios. Leave one first.", ("limit", MostStudios));

    /// Of several roles the one that may most.
    public static Role Highest(Role roles) => new[] { Role.Admin, Role.GymOwner, Role.Trainer, Role.Client }.First(role => roles.HasFlag(role));

    public static Role Parse(string set) => set.Split(',').Aggregate(Role.None, (all, name) => all | Roles.Parse(name));

    public static string Write(Role roles) => string.Join(',', Roles.NamesOf(roles));
}
