using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Features.People;

/// What somebody is in one studio, by Identity; nothing, for those who do not belong to it.
internal sealed record Member(Guid Id, string Name, IReadOnlyList<Role> Roles, bool IsActive, IReadOnlyList<Guid> TrainerIds)
{
    public bool Is(Role role) => Roles.Contains(role);
}
