using FitFlow.Data;

namespace FitFlow.Identity.Features.Denials;

/// Takes back what was handed out: every access token of a person or a session that was signed until now.
internal sealed class Denials(TimeProvider clock)
{
    public Task Deny(Transaction tx, Guid personOrSession) => tx.Execute(
        """
        INSERT INTO denials (subject, issued_before)
        VALUES (@PersonOrSession, @Now)
        ON DUPLICATE KEY UPDATE issued_before = @Now
        """, new { personOrSession, Now = clock.GetUtcNow() });
}
