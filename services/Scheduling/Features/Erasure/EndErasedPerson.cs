using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Data.Events;
using FitFlow.Scheduling.Features.Availability;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Classes;
using FitFlow.Scheduling.Features.Enrolments;
using FitFlow.Scheduling.Features.Studios;

namespace FitFlow.Scheduling.Features.Erasure;

/// Whoever is nobody any more comes to nothing: what they had booked or were to give is cancelled, in every studio, and what was written about them
/// is deleted. Past sessions stay as the studio's figures, of an id that means nobody.
internal sealed class EndErasedPerson(
    Db db, BookingRows bookings, ClassRows classes, EnrolmentRows enrolments, Line line, SlotCache slots, TimeProvider clock) : Reaction<UserErased>
{
    private sealed record Place(Guid Studio, Guid Id);

    protected override async Task React(UserErased erased, Transaction tx)
    {
        var (person, now) = (erased.UserId, clock.GetUtcNow());
        await CancelWhatTheyGive(tx, person, now);
        await LeaveClasses(tx, person, now);
        await CancelWhatTheyBooked(tx, person, now);

        var mine = tx.ForPerson(person);
        foreach (var studio in await mine.Query<Guid>("SELECT DISTINCT tenant_id FROM bookings_mine"))
        {
            await tx.ForTenant(studio).Execute(
                """
                UPDATE bookings
                SET cancel_note = NULL, trainer_notes = NULL
                WHERE owner_id = @Person AND (cancel_note IS NOT NULL OR trainer_notes IS NOT NULL)
                """, new { person });
        }
    }

    private async Task CancelWhatTheyBooked(Transaction tx, Guid person, DateTimeOffset now)
    {
        var booked = await tx.ForPerson(person).Query<Place>(
            """
            SELECT tenant_id AS studio, id
            FROM bookings_mine
            WHERE status = 'confirmed' AND starts_at > @Now
            """, new { now });
        foreach (var place in booked) await Cancel(tx.ForTenant(place.Studio), place.Id, person, CancelReason.ClientRequest);
    }

    private async Task CancelWhatTheyGive(Transaction tx, Guid person, DateTimeOffset now)
    {
        var all = db.AcrossTenants("the sessions and classes of a trainer who was erased");
        var sessions = await all.Query<Place>(
            """
            SELECT tenant_id AS studio, id
            FROM bookings_across
            WHERE trainer_id = @Person AND status = 'confirmed' AND starts_at > @Now
            """, new { person, now }, tx.CancellationToken);
        foreach (var place in sessions) await Cancel(tx.ForTenant(place.Studio), place.Id, person, CancelReason.TrainerUnavailable);

        var given = await all.Query<Place>(
            """
            SELECT tenant_id AS studio, id
            FROM classes_across
            WHERE trainer_id = @Person AND status = 'scheduled' AND starts_at > @Now
            """, new { person, now }, tx.CancellationToken);
        foreach (var place in given)
        {
            var there = tx.ForTenant(place.Studio);
            if (await Class.Lock(there, place.Id) is not { Status: ClassStatus.Scheduled } it) continue;
            slots.Drop(there, await classes.Cancel(there, it, (await Studio.Find(there))!.Zone, person, CancelReason.TrainerUnavailable));
        }
    }

    private async Task LeaveClasses(Transaction tx, Guid person, DateTimeOffset now)
    {
        var places = await tx.ForPerson(person).Query<Place>(
            """
            SELECT tenant_id AS studio, class_id AS id
            FROM enrolments_mine
            WHERE is_standing = 1 AND starts_at > @Now
            """, new { now });
        foreach (var place in places)
        {
            var there = tx.ForTenant(place.Studio);
            if (await Class.Lock(there, place.Id) is not { } it || await Enrolment.Of(there, place.Id, person) is not { } who) continue;
            var zone = (await Studio.Find(there))!.Zone;
            await enrolments.End(there, it, zone, who, person, CancelOutcome.Free, CancelReason.ClientRequest);
            if (who.Status != EnrolmentStatus.Waitlisted) await line.Settle(there, it.Id, zone);
        }
    }

    private async Task Cancel(Transaction there, Guid id, Guid person, CancelReason reason)
    {
        if (await Booking.Lock(there, id) is not { Status: BookingStatus.Confirmed } booking) return;
        await bookings.Cancel(there, booking, (await Studio.Find(there))!.Zone, person, reason, note: null, CancelOutcome.Free);
    }
}
