using FitFlow.Data;
using FitFlow.Identity.Features.Members;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Users;

/// How much may be known, and by way of which studio; by none, when it is oneself or the platform's right.
internal sealed record Tie(Sight Sight, Guid? Studio = null)
{
    public static Tie None { get; } = new(Sight.Nothing);
}

/// What ties the caller to others: being them, a platform's right, or a studio that both belong to, where the caller owns it, trains the
/// other, or is trained by them.
internal static class Ties
{
    /// Those who are not in the answer are strangers.
    public static async Task<IReadOnlyDictionary<Guid, Tie>> Of(Caller caller, IReadOnlyCollection<Guid> people, Db db, CancellationToken ct)
    {
        if (caller.IsService || caller.Token.Role == Role.Admin) return people.Distinct().ToDictionary(person => person, _ => new Tie(Sight.Contact));

        var found = new Dictionary<Guid, Tie>();
        if (people.Contains(caller.Id)) found[caller.Id] = new Tie(Sight.Contact);
        foreach (var studio in caller.Studios)
        {
            if (found.Count == people.Count && found.Values.All(tie => tie.Sight == Sight.Contact)) break;
            foreach (var (person, sight) in await In(studio.Id, caller, people, db, ct))
            {
                if (sight > found.GetValueOrDefault(person, Tie.None).Sight) found[person] = new Tie(sight, studio.Id);
            }
        }

        return found;
    }

    /// Whether the caller may read what is encrypted of the client, in the studio that the request names: those who own it and those who
    /// train the client there. Admins too, and not even they without a studio that the client belongs to.
    public static async Task<bool> MayReadSealed(Caller caller, Guid client, Db db, CancellationToken ct) =>
        (await In(caller.Studio, caller, [client], db, ct, Role.Client)).GetValueOrDefault(client) == Sight.Contact;

    /// The rule for one studio.
    public static Sight Rule(Role caller, Role other, bool isCoach) => (caller, other) switch
    {
        (Role.None, _) or (_, Role.None) => Sight.Nothing,
        _ when (caller & (Role.Admin | Role.GymOwner)) != Role.None || isCoach => Sight.Contact,
        _ when (other & (Role.Trainer | Role.GymOwner)) != Role.None => Sight.Face,
        _ => Sight.Nothing,
    };

    private static async Task<Dictionary<Guid, Sight>> In(Guid studio, Caller caller, IReadOnlyCollection<Guid> people, Db db, CancellationToken ct, Role who = Role.Everyone)
    {
        var members = await db.ForTenant(studio).Query<Member>(
            """
            SELECT m.owner_id AS id, m.roles, c.client_id IS NOT NULL AS is_coached
            FROM memberships m
            LEFT JOIN coachings c ON c.trainer_id = @Caller AND c.client_id = m.owner_id
            WHERE m.owner_id IN @People
            """, new { Caller = caller.Id, people }, ct);

        var here = caller.RolesIn(studio);
        return members.Where(member => (Memberships.Parse(member.Roles) & who) != Role.None).ToDictionary(
            member => member.Id,
            member => Rule(here, Memberships.Parse(member.Roles), member.IsCoached && here.HasFlag(Role.Trainer)));
    }

    private sealed record Member(Guid Id, string Roles, bool IsCoached);
}
