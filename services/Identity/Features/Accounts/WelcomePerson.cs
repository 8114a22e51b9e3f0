using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Data.Events;

namespace FitFlow.Identity.Features.Accounts;

/// The first to hear that somebody registered: proof in the person's own account that events go round.
internal sealed class WelcomePerson(TimeProvider clock) : Reaction<UserRegistered>
{
    protected override Task React(UserRegistered registered, Transaction tx) => tx.Execute(
        """
        INSERT INTO welcomes (user_id, welcomed_at, times)
        VALUES (@UserId, @Now, 1)
        ON DUPLICATE KEY UPDATE times = times + 1
        """, new { registered.UserId, Now = clock.GetUtcNow() });
}
