using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FitFlow.Scheduling.Features.Classes;

/// The studio's timetable in the order of time: from now on unless another time is named, and what takes place unless what does not is asked for.
internal static class ListClasses
{
    private const string Page =
        ClassView.Select + """
        WHERE c.starts_at >= @From AND c.starts_at < @To
          AND (c.starts_at > @From OR @After IS NULL OR c.id > @After)
          AND c.status = @Status
          AND (@Trainer IS NULL OR c.trainer_id = @Trainer)
          AND (@SessionType IS NULL OR c.session_type_id = @SessionType)
        ORDER BY c.starts_at, c.id
        LIMIT @Rows
        """;

    // On the properties: the description cannot read rules on the parameters of such a record.
    public sealed record Filter(
        [FromQuery(Name = "trainer_id")] Guid? TrainerId, [FromQuery(Name = "session_type_id")] Guid? SessionTypeId, [property: StringLength(16)] string? Status,
        DateTimeOffset? From, DateTimeOffset? To, [property: StringLength(200)] string? Cursor, [property: Range(1, Paging.MaxSize)] int? Limit);

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
