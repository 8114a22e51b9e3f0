using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

/// A trainer's time off and extra hours, those that end first first: what is over only for who says from when on.
internal static class ListExceptions
{
    public static async Task<Results<Ok<Page<ExceptionView>>, ProblemHttpResult>> Handle(
        [FromRoute(Name = "trainer_id")] Guid trainerId, [StringLength(10)] string? from, [StringLength(200)] string? cursor,
        [Range(1, Paging.MaxSize)] int? limit, Caller caller, Db db, StudioRows studios, TimeProvider clock, CancellationToken ct)
    {
        var first = from is null ? null : LocalText.Date(from);
        if (from is not null && first is null) return Problems.Invalid("from", LocalText.NoDate);
        if (Paging.Read(cursor, limit, "exceptions", caller.Studio, trainerId, from) is not { } page) return Paging.WrongCursor();
        if (await studios.Find(caller, ct) is not { } studio) return Problems.NotFound("studios.unknown", "There is no such studio.");

        var since = first?.AtMidnight() ?? Instant.FromDateTimeOffset(clock.GetUtcNow()).InZone(studio.Zone).LocalDateTime;
        var rows = await db.ForTenant(caller.Studio).Query<ExceptionRow>(
            """
            SELECT id, kind, starts_local, ends_local
            FROM availability_exceptions
            WHERE trainer_id = @TrainerId
              AND ends_local > @Since
              AND (@After IS NULL OR (ends_local, id) > (SELECT ends_local, id FROM availability_exceptions WHERE trainer_id = @TrainerId AND id = @After))
            ORDER BY ends_local, id
            LIMIT @Rows
            """, new { trainerId, Since = ExceptionRow.Column(since), page.After, page.Rows }, ct);
        return TypedResults.Ok(page.Of([.. rows.Select(row => row.View)], view => view.Id));
    }
}
