using MassTransit;

namespace FitFlow.Contracts.Identity;

/// <summary>The account is out of use until an admin puts it back, which is a <c>user.updated</c> of <c>is_active</c>.</summary>
[EntityName("user.deactivated")]
public sealed record UserDeactivated(Guid UserId) : Event
{
    protected override Guid About => UserId;
}
