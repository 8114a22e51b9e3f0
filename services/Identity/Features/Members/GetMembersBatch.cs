using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Coachings;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Members;

/// What other services reckon with: what these people are in the studio (nothing, perhaps), and who coaches them there.
internal static class GetMembersBatch
{
    private const int Most = 200;

    public sealed record Request([Required, MaxLength(Most)] IReadOnlyList<Guid> UserIds);

    public sealed record Member(Guid UserId, string Name, IReadOnlyList<Role> Roles, bool IsActive, IReadOnlyList<Guid> TrainerIds);

    public sealed record Response(IReadOnlyList<Member> Data, IReadOnlyList<Guid> Unknown);

    private sealed record Row(Guid Id, string FirstName, string LastName, bool IsActive, string Roles);

    public static async Task<Ok<Response>> Handle(Request request, Caller caller, Db db, CancellationToken ct)
    {
        Guid[] wanted = [.. request.UserIds.Distinct()];
        var studio = db.ForTenant(caller.Studio);
        var found = (wanted.Length == 0 ? [] : await studio.Query<Row>(
            """
            SELECT u.id, u.first_name, u.last_name, u.is_active, COALESCE(m.roles, '') AS roles
            FROM users u
            LEFT JOIN memberships m ON m.owner_id = u.id
            WHERE u.id IN @Wanted AND u.erased_at IS NULL
            """, new { wanted }, ct)).ToDictionary(row => row.Id);
        var trainers = await Coaching.TrainersOf(studio, [.. found.Keys], ct);

        return TypedResults.Ok(new Response(
            [
                .. from id in wanted
                   where found.ContainsKey(id)
                   let row = found[id]
                   select new Member(id, $"{row.FirstName} {row.LastName}", Memberships.Each(Memberships.Parse(row.Roles)), row.IsActive, [.. trainers[id]]),
            ],
            [.. wanted.Where(id => !found.ContainsKey(id))]));
    }
}
