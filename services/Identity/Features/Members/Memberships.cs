using FitFlow.Data;
using FitFlow.ServiceDefaults;
using FitFlow.ServiceDefaults.Tokens;

namespace FitFlow.Identity.Features.Members;

/// Who belongs to which studio, as what: the truth that tokens repeat for a while.
internal static class Memberships
{
    /// Each token names all of them, and travels in a header.
    public const int MostStudios = 50;

    /// What somebody can be in a studio. Nobody is its admin: only the platform has some.
    public const Role Holdable = Role.GymOwner | Role.Trainer | Role.Client;

    private sealed record Mine(Guid Id, string Roles);

    private sealed record Standing(Role Platform, string Roles);

    /// The studios of a person. Waits for a change that is under way: the token that is made of this either knows of it or is denied by it.
    public static async Task<IReadOnlyList<Membership>> Of(Db db, Guid person, CancellationToken ct)
    {
        var mine = await db.ForPerson(person).Query<Mine>(
            """
            SELECT tenant_id AS id, roles
            FROM memberships_mine
            ORDER BY tenant_id
            LOCK IN SHARE MODE
            """, ct);
        return [.. mine.Select(membership => new Membership(membership.Id, Parse(membership.Roles)))];
    }

    /// What the person may in the transaction's studio by the tables, where a token could be older than the truth. A platform admin is one everywhere.
    public static async Task<Role> RightsOf(Transaction tx, Guid person)
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

    /// Whether the person runs the transaction's studio, now.
    public static async Task<bool> Runs(Transaction tx, Guid person) => Runs(await RightsOf(tx, person));

    public static bool Runs(Role rights) => (rights & (Role.Admin | Role.GymOwner)) != Role.None;

    /// What the person is in the transaction's studio; none for who does not belong to it.
    public static async Task<Role> RolesOf(Transaction tx, Guid person) =>
        Parse(await tx.QueryOne<string>("SELECT roles FROM memberships WHERE owner_id = @Person", new { person }) ?? "");

    /// Somebody has to be left who runs the studio, and whose account is open, also when this owner's is not. To be asked with the studio locked.
    public static Task<bool> IsLastOwner(Transaction tx, Guid person) => tx.QueryOne<bool>(
        """
        SELECT EXISTS (SELECT 1 FROM memberships WHERE owner_id = @Person AND FIND_IN_SET('gym_owner', roles) > 0)
            AND NOT EXISTS (
                SELECT 1
                FROM memberships m
                JOIN users u ON u.id = m.owner_id
                WHERE m.owner_id <> @Person AND FIND_IN_SET('gym_owner', m.roles) > 0 AND u.deactivated_at IS NULL AND u.erased_at IS NULL)
        """, new { person });

    /// Whether the person may join one more. The row of the person is locked: two studios do not both take the last place.
    public static async Task<bool> HasRoom(Transaction tx, Guid person)
    {
        // Who is erased meanwhile has room nowhere.
        if ((await tx.Query<Guid>("SELECT id FROM users WHERE id = @Person AND erased_at IS NULL FOR UPDATE", new { person })).Count == 0) return false;
        return await tx.ForPerson(person).QueryOne<int>("SELECT COUNT(*) FROM memberships_mine") < MostStudios;
    }

    /// Of several roles the one that may most.
    public static Role Highest(Role roles) => Each(roles)[0];

    public static IReadOnlyList<Role> Each(Role roles) => [.. new[] { Role.Admin, Role.GymOwner, Role.Trainer, Role.Client }.Where(role => roles.HasFlag(role))];

    /// As the column has them.
    public static Role Parse(string set) => set.Split(',').Aggregate(Role.None, (all, name) => all | Roles.Parse(name));

    public static string Write(Role roles) => string.Join(',', Roles.NamesOf(roles));
}
