using FitFlow.Data;
using FitFlow.Scheduling.Features.Availability;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Bookings;

/// Another time, or another trainer. For a client while cancelling would be free; nobody loses the old hour before the new one is theirs.
internal static class RescheduleBooking
{
    public sealed record Request(DateTimeOffset StartsAt, Guid? TrainerId = null, Guid? RoomId = null, bool OutsideHours = false);

    public static async Task<Results<Ok<BookingView>, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, Db db, Participants participants, Slots slots, Places places, BookingRows rows, TimeProvider clock,
        CancellationToken ct)
    {
        var studio = db.ForTenant(caller.Studio);
        if (await Booking.Find(studio, id, ct) is not { } found || !caller.MaySee(found)) return Booking.Unknown();
        var offering = (await Offering.Find(studio, found.SessionTypeId, ct))!;
        var trainer = request.TrainerId ?? found.TrainerId;
        var isStaff = caller.IsStaffFor(found.TrainerId);
        if (trainer != found.TrainerId && await participants.Refused(caller, offering, trainer, found.ClientId, ct) is { } refused) return refused;

        // As long as it was agreed on, whatever the session type says by now.
        var asked = new PlannedSession(offering.LastingAs(found), trainer, found.ClientId, RoomId: null, request.StartsAt.ToUniversalTime());
        if (asked.Malformed(request.RoomId) is { } malformed) return malformed;
        var outsideHours = request.OutsideHours && isStaff && caller.IsStaffFor(trainer);
        if (!outsideHours && asked.Untimely(clock.GetUtcNow()) is { } untimely) return untimely;

        var (free, inTheWay) = await places.Of(asked, request.RoomId, besides: id, ct);
        foreach (var planned in free)
        {
            var (moved, obstacle) = await studio.InTransaction(tx => Move(tx, planned), ct);
            if (moved is not null) return moved;
            inTheWay = obstacle;
        }

        return (inTheWay ?? Obstacle.SlotTaken).Refusal(await slots.Nearest(offering, trainer, asked.StartsAt, ct));

        async Task<(Results<Ok<BookingView>, ProblemHttpResult>? Moved, Obstacle? InTheWay)> Move(Transaction tx, PlannedSession planned)
        {
            var obstacle = await rows.LockAndLook(tx, planned, outsideHours, besides: id);
            var booking = (await Booking.Lock(tx, id))!;
            if (booking.Status != BookingStatus.Confirmed) return (booking.Over(), null);
            if (!isStaff && clock.GetUtcNow() >= booking.CancelFreeUntil) return (TooLate(booking), null);
            if (obstacle is not null) return (null, obstacle);

            var moved = TypedResults.Ok(BookingView.Of(await rows.Move(tx, booking, planned)));
            tx.Answer(moved);
            return (moved, null);
        }
    }

    private static ProblemHttpResult TooLate(Booking booking) => Problems.Conflict(
        "bookings.too_late_to_reschedule", "It is too late to move this session here: call the studio.", ("cancel_free_until", booking.CancelFreeUntil));
}
