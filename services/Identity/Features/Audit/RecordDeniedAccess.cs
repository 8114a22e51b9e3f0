using FitFlow.Contracts;
using FitFlow.Data;
using FitFlow.Data.Events;

namespace FitFlow.Identity.Features.Audit;

/// Every service says whom it refused; here it is kept, for the owners of the studio that it was about.
internal sealed class RecordDeniedAccess : Reaction<AccessDenied>
{
    protected override Task React(AccessDenied denied, Transaction tx) => tx.Execute(
        """
        INSERT INTO audit_log (id, kind, actor_id, actor_service, subject_id, studio_id, fields, code, service, route, correlation_id, at)
        VALUES (@DenialId, @Kind, @UserId, @Caller, NULL, @StudioId, '', @Code, @Service, @Route, @CorrelationId, @At)
        """,
        new
        {
            denied.DenialId,
            Kind = AuditKind.AccessDenied,
            denied.UserId,
            denied.Caller,
            denied.StudioId,
            denied.Code,
            denied.Service,
            Route = $"{denied.Method} {denied.Route}",
            Envelope.CorrelationId,
            At = Envelope.Timestamp,
        });
}
