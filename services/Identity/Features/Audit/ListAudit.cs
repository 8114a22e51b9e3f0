using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Audit;

/// One studio's for its owners, everything for admins; newest first.
internal static class ListAudit
{
    public sealed record Entry(
        Guid Id, DateTimeOffset At, AuditKind Kind, Guid? ActorId, string? ActorService, Guid? SubjectId, Guid? StudioId,
        IReadOnlyList<string> Fields, string? Code, string Service, string Route, string CorrelationId);

    private sealed record Row(
        Guid Id, DateTimeOffset At, AuditKind Kind, Guid? ActorId, string? ActorService, Guid? SubjectId, Guid? StudioId,
        string Fields, string? Code, string Service, string Route, string CorrelationId)
    {
        public Entry Entry => new(
            Id, At, Kind, ActorId, ActorService, SubjectId, StudioId,
            Fields.Split(',', StringSplitOptions.RemoveEmptyEntries), Code, Service, Route, CorrelationId);
    }

    public static async Task<Results<Ok<Page<Entry>>, ProblemHttpResult>> Handle(
        Caller caller, Db db, CancellationToken ct, Guid? person = null, [StringLength(32), RegularExpression(@"^[a-z_]+\z", ErrorMessage = "is one of the kinds that entries have")] string? kind = null,
        [StringLength(64)] string? cursor = null, [Range(1, Paging.MaxSize)] int? limit = null)
    {
        var studio = caller.StudioOrAll;
        if (Paging.Read(cursor, limit, "audit", studio, person, kind) is not { } page) return Paging.WrongCursor();

        var rows = await db.Global().Query<Row>(person is null ? OfAll : OfOne, new { studio, person, kind, page.After, page.Rows }, ct);
        return TypedResults.Ok(page.Of([.. rows.Select(row => row.Entry)], entry => entry.Id));
    }

    private const string OfAll =
        """
        SELECT id, at, kind, actor_id, actor_service, subject_id, studio_id, fields, code, service, route, correlation_id
        FROM audit_log
        WHERE (@Studio IS NULL OR studio_id = @Studio)
          AND (@Kind IS NULL OR kind = @Kind)
          AND (@After IS NULL OR id < @After)
        ORDER BY id DESC
        LIMIT @Rows
        """;

    /// What the person did and what was done to them: each from its own index.
    private const string OfOne =
        """
        SELECT id, at, kind, actor_id, actor_service, subject_id, studio_id, fields, code, service, route, correlation_id
        FROM (
            (SELECT id, at, kind, actor_id, actor_service, subject_id, studio_id, fields, code, service, route, correlation_id
             FROM audit_log
             WHERE actor_id = @Person AND (@Studio IS NULL OR studio_id = @Studio) AND (@Kind IS NULL OR kind = @Kind) AND (@After IS NULL OR id < @After)
             ORDER BY id DESC
             LIMIT @Rows)
            UNION
            (SELECT id, at, kind, actor_id, actor_service, subject_id, studio_id, fields, code, service, route, correlation_id
             FROM audit_log
             WHERE subject_id = @Person AND (@Studio IS NULL OR studio_id = @Studio) AND (@Kind IS NULL OR kind = @Kind) AND (@After IS NULL OR id < @After)
             ORDER BY id DESC
             LIMIT @Rows)
        ) AS found
        ORDER BY id DESC
        LIMIT @Rows
        """;
}
