using FitFlow.Data;
using FitFlow.Scheduling.Features.Availability;
using FitFlow.Scheduling.Features.Holds;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Bookings;

/// Takes an hour for a client. Of all who want it, whichever studio they ask in, one gets it and the others are told what is free nearby.
internal static class BookSession
{
    /// Without a trainer: whoever is free and has least to do that day. Without a client: oneself. The hours are no bound for those who work here.
    public sealed record Request(
        Guid SessionTypeId, Guid? TrainerId, Guid? ClientId, DateTimeOffset StartsAt, Guid? RoomId = null, Guid? HoldId = null, bool OutsideHours = false);

    public static async Task<Results<Created<BookingView>, ProblemHttpResult>> Handle(
        Request request, Caller caller, Db db, Participants participants, Slots slots, Places places, BookingRows rows, TimeProvider clock, CancellationToken ct)
    {
        var studio = db.ForTenant(caller.Studio);
        if (await Offering.Find(studio, request.SessionTypeId, ct) is not { } offering) return SessionType.Unknown();
        var client = request.ClientId ?? caller.Id;
        var hold = request.HoldId is { } id && await Hold.Find(studio, id, ct) is { } kept && kept.IsOf(client, clock.GetUtcNow()) ? kept : null;
        var chosen = request.TrainerId ?? hold?.TrainerId;
        if (await participants.Refused(caller, offering, chosen, client, ct) is { } refused) return refused;

        var outsideHours = request.OutsideHours && caller.IsStaffFor(chosen ?? Guid.Empty);
        var asked = new PlannedSession(offering, chosen ?? Guid.Empty, client, RoomId: null, request.StartsAt.ToUniversalTime());
        if (asked.Malformed(request.RoomId) is { } malformed) return malformed;
        if (!outsideHours && asked.Untimely(clock.GetUtcNow()) is { } untimely) return untimely;

        var inTheWay = Obstacle.SlotTaken;
        foreach (var trainer in await Trainers())
        {
            var (free, obstacle) = await places.Of(asked with { TrainerId = trainer }, hold?.RoomId ?? request.RoomId, besides: hold?.Id, ct);
            inTheWay = obstacle ?? inTheWay;
            foreach (var planned in free)
            {
                // What was free a moment ago may be another's: then the next place, or the next trainer.
                (var booked, obstacle) = await studio.InTransaction(tx => Book(tx, planned), ct);
                if (booked is not null) return booked;
                inTheWay = obstacle ?? inTheWay;
            }
        }

        return inTheWay.Refusal(await slots.Nearest(offering, chosen, asked.StartsAt, ct));

        async Task<IReadOnlyList<Guid>> Trainers() => chosen is { } one ? [one] : await slots.FreeTrainers(offering, asked.StartsAt, ct);

        async Task<(Created<BookingView>? Booked, Obstacle? InTheWay)> Book(Transaction tx, PlannedSession planned)
        {
            if (await rows.LockAndLook(tx, planned, outsideHours, besides: hold?.Id) is { } obstacle) return (null, obstacle);

            // Only who it was kept for steps over it.
            if (hold is not null)
            {
                if (await Hold.Lock(tx, hold.Id) is not { } held || !held.Keeps(planned, clock.GetUtcNow())) return (null, Obstacle.SlotTaken);
                await held.End(tx);
            }

            var view = BookingView.Of(await rows.Add(tx, planned, caller.Id));
            var booked = TypedResults.Created($"/api/v1/bookings/{view.Id}", view);
            tx.Answer(booked);
            return (booked, null);
        }
    }
}
