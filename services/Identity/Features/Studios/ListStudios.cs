using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Members;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Studios;

/// The studios that one belongs to, and as what; for an admin who asks for all, all.
internal static class ListStudios
{
    public sealed record Item(Guid Id, string Name, string TimeZone, string Currency, bool IsActive, IReadOnlyList<Role> Roles);

    private sealed record Row(Guid Id, string Name, string TimeZone, string Currency, bool IsActive);

    private sealed record Mine(Guid Id, string Roles);

    public static async Task<Results<Ok<Page<Item>>, ProblemHttpResult>> Handle(
        [StringLength(200)] string? cursor, [Range(1, Paging.MaxSize)] int? limit, bool? all, Caller caller, Db db, CancellationToken ct)
    {
        if (all == true && !caller.Is(Role.Admin)) return Problems.Forbidden("studios.admins_only", "Only an admin sees all studios.");
        if (Paging.Read(cursor, limit, "studios", all == true) is not { } page) return Paging.WrongCursor();

        var mine = await db.ForPerson(caller.Id).Query<Mine>(
            """
            SELECT tenant_id AS id, roles
            FROM memberships_mine
            ORDER BY tenant_id
            """, ct);
        var rows = all == true ? await All(db, page, ct) : await Some(db, mine, page, ct);
        var roles = mine.ToDictionary(membership => membership.Id, membership => Memberships.Each(Memberships.Parse(membership.Roles)));
        return TypedResults.Ok(page.Of(
            [.. rows.Select(row => new Item(row.Id, row.Name, row.TimeZone, row.Currency, row.IsActive, roles.GetValueOrDefault(row.Id, [])))], item => item.Id));
    }

    private static Task<IReadOnlyList<Row>> All(Db db, Paging page, CancellationToken ct) => db.AcrossTenants("an admin lists the studios").Query<Row>(
        """
        SELECT tenant_id AS id, name, time_zone, currency, is_active
        FROM studios_across
        WHERE @After IS NULL OR tenant_id > @After
        ORDER BY tenant_id
        LIMIT @Rows
        """, new { page.After, page.Rows }, ct);

    private static async Task<IReadOnlyList<Row>> Some(Db db, IReadOnlyList<Mine> mine, Paging page, CancellationToken ct)
    {
        // As the database orders them: by the bytes, of which the text is the writing.
        var ids = mine.Select(membership => membership.Id)
            .Where(id => page.After is not { } after || string.CompareOrdinal(id.ToString(), after.ToString()) > 0)
            .Take(page.Rows)
            .ToList();
        return ids.Count == 0
            ? []
            : await db.AcrossTenants("a person lists their own studios").Query<Row>(
                """
                SELECT tenant_id AS id, name, time_zone, currency, is_active
                FROM studios_across
                WHERE tenant_id IN @Ids
                ORDER BY tenant_id
                """, new { ids }, ct);
    }
}
