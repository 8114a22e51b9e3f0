using MassTransit;

namespace FitFlow.Contracts.Identity;

/// <summary>From now on the trainer coaches the client in this studio, or does no more.</summary>
[EntityName("coaching.changed")]
public sealed record CoachingChanged(Guid TrainerId, Guid ClientId, Guid StudioId, bool IsAssigned) : Event
{
    /// <summary>The client in the studio, as in <see cref="MembershipChanged"/>: what is said of somebody there stays in order.</summary>
    protected override Guid About => new MembershipChanged(ClientId, StudioId, []).AggregateId;
}
