using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FitFlow.Identity.Features.Users;

/// Everybody for admins, the members of their studios for owners; newest accounts first.
internal static class ListUsers
{
    public sealed record Listed(
        Guid Id, string Email, Role Role, string FirstName, string LastName, string? Phone, string Language, bool IsActive, DateTimeOffset CreatedAt);

    public static async Task<Results<Ok<Page<Listed>>, ProblemHttpResult>> Handle(
        Caller caller, Db db, CancellationToken ct, [StringLength(16)] string? role = null, [FromQuery(Name = "is_active")] bool? isActive = null, [StringLength(100, MinimumLength = 2)] string? search = null,
        [StringLength(64)] string? cursor = null, [Range(1, Paging.MaxSize)] int? limit = null)
    {
        if (role is not null && Roles.Parse(role) == Role.None) return Problems.Invalid("role", "is no role");
        if (Paging.Read(cursor, limit, "users", role, isActive, search) is not { } page) return Paging.WrongCursor();

        var filter = new
        {
            role,
            isActive,
            Begins = search is null ? null : LikePrefix(search),
            EmailBegins = search is null ? null : LikePrefix(Sql.Email(search)),
            page.After,
            page.Rows,
        };
        var rows = caller.Is(Role.Admin)
            ? await db.Global().Query<Listed>(search is null ? All : Found, filter, ct)
            : await OfStudios([.. caller.Studios.Where(studio => studio.Roles.HasFlag(Role.GymOwner)).Select(studio => studio.Id)], filter, db, page, ct);
        return TypedResults.Ok(page.Of(rows, user => user.Id));
    }

    /// A page of each studio is enough to make the page of all: what stands first in them stands first in one of them.
    private static async Task<IReadOnlyList<Listed>> OfStudios(IReadOnlyList<Guid> studios, object filter, Db db, Paging page, CancellationToken ct)
    {
        var found = new List<Listed>();
        foreach (var studio in studios) found.AddRange(await db.ForTenant(studio).Query<Listed>(Members, filter, ct));
        return [.. found.DistinctBy(user => user.Id).OrderByDescending(user => user.Id.ToString("N"), StringComparer.Ordinal).Take(page.Rows)];
    }

    /// What stands for anything in LIKE stands for itself here.
    private static string LikePrefix(string text) =>
        text.Trim().Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal) + "%";

    private const string All =
        """
        SELECT id, email, role, first_name, last_name, phone, language, is_active, created_at
        FROM users
        WHERE (@Role IS NULL OR role = @Role)
          AND (@IsActive IS NULL AND is_active IS NOT NULL OR is_active = @IsActive)
          AND (@After IS NULL OR id < @After)
        ORDER BY id DESC
        LIMIT @Rows
        """;

    /// Each branch reads no more of its index than what begins so.
    private const string Found =
        """
        SELECT u.id, u.email, u.role, u.first_name, u.last_name, u.phone, u.language, u.is_active, u.created_at
        FROM (
            SELECT id FROM users WHERE email LIKE @EmailBegins ESCAPE '!'
            UNION
            SELECT id FROM users WHERE first_name LIKE @Begins ESCAPE '!'
            UNION
            SELECT id FROM users WHERE last_name LIKE @Begins ESCAPE '!'
        ) AS found
        JOIN users u ON u.id = found.id
        WHERE (@Role IS NULL OR u.role = @Role)
          AND (@IsActive IS NULL AND u.is_active IS NOT NULL OR u.is_active = @IsActive)
          AND (@After IS NULL OR u.id < @After)
        ORDER BY u.id DESC
        LIMIT @Rows
        """;

    /// Those of one studio, by the roles that they hold there.
    private const string Members =
        """
        SELECT u.id, u.email, u.role, u.first_name, u.last_name, u.phone, u.language, u.is_active, u.created_at
        FROM memberships m
        JOIN users u ON u.id = m.owner_id
        WHERE (@Role IS NULL OR FIND_IN_SET(@Role, m.roles) > 0)
          AND (@IsActive IS NULL AND u.is_active IS NOT NULL OR u.is_active = @IsActive)
          AND (@Begins IS NULL OR u.email LIKE @EmailBegins ESCAPE '!' OR u.first_name LIKE @Begins ESCAPE '!' OR u.last_name LIKE @Begins ESCAPE '!')
          AND (@After IS NULL OR m.owner_id < @After)
        ORDER BY m.owner_id DESC
        LIMIT @Rows
        """;
}
