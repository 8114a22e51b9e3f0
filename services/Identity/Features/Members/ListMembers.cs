using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Members;

/// By name, as people look for each other.
internal static class ListMembers
{
    public sealed record Member(Guid UserId, string FirstName, string LastName, string Email, IReadOnlyList<Role> Roles, DateTimeOffset Since);

    private sealed record Row(Guid UserId, string FirstName, string LastName, string Email, string Roles, DateTimeOffset Since);

    public static async Task<Results<Ok<Page<Member>>, ProblemHttpResult>> Handle(
        [StringLength(200)] string? cursor,
        [Range(1, Paging.MaxSize)] int? limit,
        [StringLength(16)] string? role,
        [StringLength(100)] string? search,
        Caller caller,
        Db db,
        CancellationToken ct)
    {
        if (role is not null && (Roles.Parse(role) & Memberships.Holdable) == Role.None) return Problems.Invalid("role", "is gym_owner, trainer or client");
        if (Paging.Read(cursor, limit, "members", caller.Studio, role, search) is not { } page) return Paging.WrongCursor();

        // LOCATE compares as the columns do: without regard to case and accents, and no sign in it means anything.
        var rows = await db.ForTenant(caller.Studio).Query<Row>(
            """
            SELECT u.id AS user_id, u.first_name, u.last_name, u.email, m.roles, m.since
            FROM memberships m
            JOIN users u ON u.id = m.owner_id
            WHERE (@Role IS NULL OR FIND_IN_SET(@Role, m.roles) > 0)
              AND (@Search IS NULL OR LOCATE(@Search, CONCAT(u.first_name, ' ', u.last_name)) > 0)
              AND (@After IS NULL OR (u.last_name, u.first_name, u.id) > (
                SELECT a.last_name, a.first_name, a.id FROM memberships am JOIN users a ON a.id = am.owner_id WHERE am.owner_id = @After))
            ORDER BY u.last_name, u.first_name, u.id
            LIMIT @Rows
            """, new { role, search, page.After, page.Rows }, ct);
        return TypedResults.Ok(page.Of(
            [.. rows.Select(row => new Member(row.UserId, row.FirstName, row.LastName, row.Email, Memberships.Each(Memberships.Parse(row.Roles)), row.Since))],
            member => member.UserId));
    }
}
