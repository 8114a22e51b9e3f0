using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Data.Events;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Features.People;

/// What is kept of somebody is forgotten when Identity says that it is not so any more; again and again, while Redis is away.
internal sealed class ForgetChangedMember(Cache cache) : Reaction<MembershipChanged>
{
    protected override Task React(MembershipChanged changed, Transaction tx) => People.Forget(cache, changed.StudioId, changed.UserId, tx.CancellationToken);
}

internal sealed class ForgetCoachedClient(Cache cache) : Reaction<CoachingChanged>
{
    protected override Task React(CoachingChanged changed, Transaction tx) => People.Forget(cache, changed.StudioId, changed.ClientId, tx.CancellationToken);
}

internal sealed class ForgetChangedPerson(Cache cache) : Reaction<UserUpdated>
{
    protected override Task React(UserUpdated updated, Transaction tx) => People.Forget(cache, updated.UserId, tx.CancellationToken);
}

internal sealed class ForgetDeactivatedPerson(Cache cache) : Reaction<UserDeactivated>
{
    protected override Task React(UserDeactivated deactivated, Transaction tx) => People.Forget(cache, deactivated.UserId, tx.CancellationToken);
}

internal sealed class ForgetErasedPerson(Cache cache) : Reaction<UserErased>
{
    protected override async Task React(UserErased erased, Transaction tx)
    {
        // What they were answered speaks of them.
        await tx.Execute("DELETE FROM idempotency_keys WHERE person_id = @UserId", new { erased.UserId });
        await People.Forget(cache, erased.UserId, tx.CancellationToken);
    }
}
