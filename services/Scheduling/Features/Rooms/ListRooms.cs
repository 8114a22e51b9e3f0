using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Rooms;

internal static class ListRooms
{
    public static async Task<Results<Ok<Page<Room>>, ProblemHttpResult>> Handle(
        [StringLength(200)] string? cursor, [Range(1, Paging.MaxSize)] int? limit, Caller caller, Db db, CancellationToken ct)
    {
        if (Paging.Read(cursor, limit, "rooms", caller.Studio) is not { } page) return Paging.WrongCursor();
        var rows = await db.ForTenant(caller.Studio).Query<Room>(
            """
            SELECT id, name, is_active, version
            FROM rooms
            WHERE @After IS NULL OR id > @After
            ORDER BY id
            LIMIT @Rows
            """, new { page.After, page.Rows }, ct);
        return TypedResults.Ok(page.Of(rows, room => room.Id));
    }
}
