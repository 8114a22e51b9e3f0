using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.SessionTypes;

/// What can be booked here; all that there ever was, for who asks so.
internal static class ListSessionTypes
{
    public static async Task<Results<Ok<Page<SessionType>>, ProblemHttpResult>> Handle(
        [StringLength(200)] string? cursor, [Range(1, Paging.MaxSize)] int? limit, bool? all, Caller caller, Db db, CancellationToken ct)
    {
        if (Paging.Read(cursor, limit, "session-types", caller.Studio, all == true) is not { } page) return Paging.WrongCursor();
        var rows = await db.ForTenant(caller.Studio).Query<SessionType.Row>(
            """
            SELECT id, name, description, kind, minutes, buffer_before_minutes, buffer_after_minutes, price_amount, price_currency, requires_program,
                   capacity, room_ids, trainer_ids, notice_minutes, horizon_days, free_cancel_minutes, refuse_cancel_minutes, is_active, version
            FROM session_types
            WHERE (@All OR is_active) AND (@After IS NULL OR id > @After)
            ORDER BY id
            LIMIT @Rows
            """, new { All = all == true, page.After, page.Rows }, ct);
        return TypedResults.Ok(page.Of([.. rows.Select(row => row.Type)], type => type.Id));
    }
}
