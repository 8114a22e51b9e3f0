using FitFlow.Scheduling.Features.Availability;
using FitFlow.Scheduling.Features.Busy;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Bookings;

/// Why a session cannot be then.
internal enum Obstacle
{
    /// The trainer or the room is taken.
    SlotTaken,

    /// The client is somewhere else.
    ClientBusy,

    /// The trainer does not work then.
    OutsideHours,
}

internal static class Obstacles
{
    /// What of this busy time is in the way, apart from what <paramref name="besides"/> takes itself.
    public static Obstacle? ObstacleAmong(this PlannedSession planned, IReadOnlyList<BusyTime> busy, Guid? besides = null)
    {
        var others = busy.Where(time => time.SourceId != besides).ToList();
        if (others.Count == 0) return null;
        var inTheWay = planned.Takings.Where(taking => others.Any(taking.Overlaps)).Select(taking => taking.Resource).ToList();
        return inTheWay switch
        {
            [] => null,
            [var only] when only == planned.ClientId => Obstacle.ClientBusy,
            _ => Obstacle.SlotTaken,
        };
    }

    /// 409, with what could be had instead.
    public static ProblemHttpResult Refusal(this Obstacle obstacle, IReadOnlyList<FreeSlot> alternatives) => Problems.Conflict(
        $"bookings.{obstacle.Word()}",
        obstacle switch
        {
            Obstacle.ClientBusy => "The client is taken at this time.",
            Obstacle.OutsideHours => "The trainer does not work at this time.",
            _ => "This hour is taken.",
        },
        ("alternatives", alternatives));
}
