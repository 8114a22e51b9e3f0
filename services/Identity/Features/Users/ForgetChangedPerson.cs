using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Data.Events;

namespace FitFlow.Identity.Features.Users;

/// What is cached of a changed person is forgotten for certain, also when Redis was away or the process died right after the commit.
internal sealed class ForgetChangedPerson(CachedPeople people) : Reaction<UserUpdated>
{
    protected override Task React(UserUpdated updated, Transaction tx) => people.MustForget(updated.UserId, tx.CancellationToken);
}

internal sealed class ForgetErasedPerson(CachedPeople people) : Reaction<UserErased>
{
    protected override Task React(UserErased erased, Transaction tx) => people.MustForget(erased.UserId, tx.CancellationToken);
}
