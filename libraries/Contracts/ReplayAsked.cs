using MassTransit;

namespace FitFlow.Contracts;

/// <summary>
/// A consumer asks for what was said before it was there. Every service answers with what its log holds of <paramref name="Type"/>, to
/// <paramref name="Queue"/> alone.
/// </summary>
[EntityName("replay.asked")]
public sealed record ReplayAsked(Guid RequestId, string Queue, string Type, DateTimeOffset Since) : Event
{
    protected override Guid About => RequestId;
}
