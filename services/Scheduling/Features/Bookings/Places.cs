using FitFlow.Data;
using FitFlow.Scheduling.Features.Busy;

namespace FitFlow.Scheduling.Features.Bookings;

/// Where a session could be: in one of the rooms that are free, in the order in which the studio names them. Looked at without locks, so that who
/// comes too late is told so without waiting for anybody.
internal sealed class Places(Db db, TimeProvider clock)
{
    public async Task<(IReadOnlyList<PlannedSession> Free, Obstacle? InTheWay)> Of(PlannedSession planned, Guid? room, Guid? besides, CancellationToken ct)
    {
        IReadOnlyList<Guid> rooms = room is { } chosen ? [chosen] : planned.Offering.RoomIds;
        PlannedSession[] candidates = rooms.Count == 0 ? [planned] : [.. rooms.Select(id => planned with { RoomId = id })];
        var takings = candidates.SelectMany(candidate => candidate.Takings).Distinct().ToList();
        var busy = await Busy.Busy.Of(
            db.Global(), takings.Select(taking => taking.Resource), takings.Min(taking => taking.From), takings.Max(taking => taking.Until), clock.GetUtcNow(), ct);

        Obstacle? obstacle = null;
        var free = new List<PlannedSession>(candidates.Length);
        foreach (var candidate in candidates)
        {
            if (candidate.ObstacleAmong(busy, besides) is { } found) obstacle = found;
            else free.Add(candidate);
        }

        return (free, free.Count == 0 ? obstacle : null);
    }
}
