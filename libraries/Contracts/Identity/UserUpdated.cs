using MassTransit;

namespace FitFlow.Contracts.Identity;

/// <summary>What of an account or its profiles is not what it was: the names of the fields, never what they hold.</summary>
[EntityName("user.updated")]
public sealed record UserUpdated(Guid UserId, IReadOnlyList<string> Changes) : Event
{
    protected override Guid About => UserId;
}
