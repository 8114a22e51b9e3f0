using FitFlow.Data;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Audit;

internal enum AuditKind
{
    SensitiveRead,
    AccessDenied,
    AccountCreated,
    RoleChanged,
    Deactivated,
    Reactivated,
    Exported,
    Erased,
}

/// Written in the transaction of what it is about: what cannot be recorded is not done, and not shown.
internal sealed class AuditLog(IHttpContextAccessor http, ServiceName service, TimeProvider clock)
{
    /// Somebody reads what is encrypted of another. One's own leaves no trace.
    public Task Read(Transaction tx, Caller reader, Guid subject, Guid? studio, params IReadOnlyList<string> fields) =>
        reader.Token.PersonId == subject ? Task.CompletedTask : Write(tx, AuditKind.SensitiveRead, reader, subject, studio, fields);

    /// Somebody does something to an account.
    public Task Write(Transaction tx, AuditKind kind, Caller actor, Guid subject, Guid? studio = null, IReadOnlyList<string>? fields = null)
    {
        var now = clock.GetUtcNow();
        return tx.Execute(
            """
            INSERT INTO audit_log (id, kind, actor_id, actor_service, subject_id, studio_id, fields, code, service, route, correlation_id, at)
            VALUES (@Id, @Kind, @Actor, @ActorService, @Subject, @Studio, @Fields, NULL, @Service, @Route, @CorrelationId, @Now)
            """,
            new
            {
                Id = Guid.CreateVersion7(now),
                kind,
                Actor = actor.Token.PersonId,
                ActorService = actor.Service,
                subject,
                studio,
                Fields = string.Join(',', fields ?? []),
                Service = service.Value,
                Route = Route(),
                CorrelationId = Correlation.Current?.Id ?? "",
                now,
            });
    }

    private string Route() => http.HttpContext is { } context
        ? $"{context.Request.Method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}"
        : "";
}
