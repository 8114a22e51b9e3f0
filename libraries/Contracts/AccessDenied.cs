using MassTransit;

namespace FitFlow.Contracts;

/// <summary>
/// Somebody who is signed in was refused, by any service: <paramref name="Code"/> says why (<c>studios.not_a_member</c> is an attempt on
/// another studio). Either <paramref name="UserId"/> or <paramref name="Caller"/>, a service, is who tried. One of a kind in a minute is told.
/// </summary>
[EntityName("access.denied")]
public sealed record AccessDenied(Guid DenialId, Guid? UserId, string? Caller, Guid? StudioId, string Code, string Service, string Method, string Route) : Event
{
    protected override Guid About => DenialId;
}
