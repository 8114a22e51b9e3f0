using MassTransit;

namespace FitFlow.Contracts.Identity;

/// <summary>Whoever keeps something of this person makes it anonymous or deletes it. Nothing of this id will ever be somebody again.</summary>
[EntityName("user.erased")]
public sealed record UserErased(Guid UserId) : Event
{
    protected override Guid About => UserId;
}
