using FitFlow.Data;
using FitFlow.Scheduling.Features.Availability;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Holds;

/// Lets the hour go before its time. One that has run out, or was booked, is gone already, and that is all the same.
internal static class ReleaseHold
{
    public static async Task<NoContent> Handle(Guid id, Caller caller, Db db, SlotCache slots, CancellationToken ct) =>
        await db.ForTenant(caller.Studio).InTransaction(async tx =>
        {
            if (await Hold.Lock(tx, id) is { } held && (held.ClientId == caller.Id || caller.IsStaffFor(held.TrainerId)))
            {
                await held.End(tx);
                slots.Drop(tx, held.RoomId is { } room ? [held.TrainerId, room] : [held.TrainerId]);
            }

            return TypedResults.NoContent();
        }, ct);
}
