using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FitFlow.Scheduling.Features.Classes;

/// The studio's timetable in the order of time: from now on unless another time is named, and what takes place unless what does not is asked for.
internal static class ListClasses
{
    // The page first, by the index, and then what is shown of it: sorted as a whole, all classes to come would be read and counted through.
    private const string Page =
        ClassView.Select + """
        JOIN (
            SELECT id
            FROM classes
            WHERE starts_at >= @From AND starts_at < @To
              AND (starts_at > @From OR @After IS NULL OR id > @After)
              AND status = @Status
              AND (@Trainer IS NULL OR trainer_id = @Trainer)
              AND (@SessionType IS NULL OR session_type_id = @SessionType)
            ORDER BY starts_at, id
            LIMIT @Rows
        ) page ON page.id = c.id
        ORDER BY c.starts_at, c.id
        """;

    public sealed record Filter(
        [FromQuery(Name = "trainer_id")] Guid? TrainerId, [FromQuery(Name = "session_type_id")] Guid? SessionTypeId, [StringLength(16)] string? Status,
        DateTimeOffset? From, DateTimeOffset? To, [StringLength(200)] string? Cursor, [Range(1, Paging.MaxSize)] int? Limit);

    public static async Task<Results<Ok<Page<ClassView>>, ProblemHttpResult>> Handle(
        [AsParameters] Filter filter, Caller caller, Db db, People.People people, TimeProvider clock, CancellationToken ct)
    {
        if (filter.Status is not null && Words.Named<ClassStatus>(filter.Status) is null) return Problems.Invalid("status", "is scheduled or cancelled");
        if (Paging.Read(filter.Cursor, filter.Limit, "classes", caller.Studio, filter with { Cursor = null, Limit = null }) is not { } page)
            return Paging.WrongCursor();

        var studio = db.ForTenant(caller.Studio);
        var from = filter.From ?? clock.GetUtcNow();
        if (page.After is { } after) from = await studio.QueryOne<DateTimeOffset?>("SELECT starts_at FROM classes WHERE id = @After", new { after }, ct) ?? from;

        var rows = await studio.Query<ClassView.Row>(
            Page,
            new
            {
                Me = caller.Id,
                From = from,
                To = filter.To ?? DateTimeOffset.MaxValue.AddYears(-1),
                Status = filter.Status ?? ClassStatus.Scheduled.Word(),
                Trainer = filter.TrainerId,
                SessionType = filter.SessionTypeId,
                page.After,
                page.Rows,
            }, ct);
        var classes = page.Of(rows, row => row.Id);
        return TypedResults.Ok(new Page<ClassView>(await ClassView.Of(caller.Studio, classes.Data, people, ct), classes.NextCursor));
    }
}
