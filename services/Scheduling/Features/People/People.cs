using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Features.People;

internal sealed record Member(Guid Id, string Name, IReadOnlyList<Role> Roles, bool IsActive, IReadOnlyList<Guid> TrainerIds)
{
    public bool Is(Role role) => Roles.Contains(role);
}

internal sealed class People
{
    public Task<IReadOnlyDictionary<Guid, Member>> Find(Guid studio, IReadOnlyCollection<Guid> ids, CancellationToken ct) => throw new InvalidOperationException();

    public Task<IReadOnlyDictionary<Guid, string?>> Names(Guid studio, IReadOnlyCollection<Guid> ids, CancellationToken ct) => throw new InvalidOperationException();
}
