using MassTransit;

namespace FitFlow.Contracts.Identity;

[EntityName("user.registered")]
public sealed record UserRegistered(Guid UserId, string Role) : Event
{
    protected override Guid About => UserId;
}
