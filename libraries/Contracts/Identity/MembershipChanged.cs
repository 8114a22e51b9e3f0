using System.Security.Cryptography;
using MassTransit;

namespace FitFlow.Contracts.Identity;

/// <summary>What a person is in a studio from now on; nothing, when <paramref name="Roles"/> is empty.</summary>
[EntityName("membership.changed")]
public sealed record MembershipChanged(Guid UserId, Guid StudioId, IReadOnlyList<string> Roles) : Event
{
    /// <summary>
    /// One aggregate per person and studio, and the same one when the person comes back: whoever keeps the newest state would else drop what is
    /// news of another studio.
    /// </summary>
    protected override Guid About => new(SHA256.HashData([.. StudioId.ToByteArray(bigEndian: true), .. UserId.ToByteArray(bigEndian: true)]).AsSpan(0, 16), bigEndian: true);
}
