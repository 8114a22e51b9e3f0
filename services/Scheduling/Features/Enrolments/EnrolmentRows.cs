using FitFlow.Contracts.Scheduling;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Availability;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Busy;
using FitFlow.Scheduling.Features.Classes;
using FitFlow.Scheduling.Features.Reminders;
using FitFlow.Scheduling.Features.SessionTypes;
using NodaTime;

namespace FitFlow.Scheduling.Features.Enrolments;

/// The one place where somebody comes into a class or its line, moves up or leaves: with the seat, the time, the reminders and the event. Whoever
/// calls holds the class's row; whoever seats somebody holds that person's time, too, and has seen that it is free.
internal sealed class EnrolmentRows(SlotCache slots, TimeProvider clock)
{
    /// With a seat, or at the end of the line.
    public async Task<Guid> Add(Transaction tx, Class it, Offering offering, Guid client, Guid by, bool isSeated)
    {
        var now = clock.GetUtcNow();
        var enrolment = new
        {
            it.StudioId,
            Id = Guid.CreateVersion7(now),
            Class = it.Id,
            client,
            Status = isSeated ? EnrolmentStatus.Enrolled : EnrolmentStatus.Waitlisted,
            it.StartsAt,
            it.CancelFreeUntil,
            it.CancelUntil,
            PaymentStatus = isSeated && offering.PriceAmount > 0 ? PaymentStatus.Due : PaymentStatus.None,
            offering.PriceAmount,
            offering.PriceCurrency,
            by,
            now,
            Place = await tx.QueryOne<int>("SELECT COALESCE(MAX(place), 0) + 1 FROM enrolments WHERE class_id = @Id", new { it.Id }),
        };
        await tx.Execute(
            """
            INSERT INTO enrolments (
                tenant_id, id, class_id, owner_id, status, starts_at, place, cancel_free_until, cancel_until, payment_status, price_amount, price_currency,
                enrolled_by, enrolled_at, updated_at)
            VALUES (
                @StudioId, @Id, @Class, @Client, @Status, @StartsAt, @Place, @CancelFreeUntil, @CancelUntil, @PaymentStatus, @PriceAmount, @PriceCurrency,
                @By, @Now, @Now)
            """, enrolment);

        var local = PlannedSession.LocalOf(offering.Zone, it.StartsAt);
        var (date, time) = (local.Date.ToDateOnly(), local.TimeOfDay.ToTimeOnly());
        if (isSeated)
        {
            await Occupy(tx, it, client, now);
            tx.Append(new ClassEnrolled(it.Id, enrolment.Id, client, it.TrainerId, it.StudioId, date, time, it.StartsAt));
        }
        else
        {
            var position = await tx.QueryOne<int>("SELECT COUNT(*) FROM enrolments WHERE class_id = @Id AND status = 'waitlisted'", new { it.Id });
            tx.Append(new ClassWaitlisted(it.Id, enrolment.Id, client, it.TrainerId, it.StudioId, date, time, it.StartsAt, position));
        }

        return enrolment.Id;
    }

    /// Somebody in the line takes a seat that is free, or the one that was kept for them.
    public async Task Take(Transaction tx, Class it, DateTimeZone zone, Enrolment who)
    {
        await Seat(tx, it, who, it.CancelFreeUntil, it.CancelUntil);
        var local = PlannedSession.LocalOf(zone, it.StartsAt);
        tx.Append(new ClassEnrolled(
            it.Id, who.Id, who.ClientId, it.TrainerId, it.StudioId, local.Date.ToDateOnly(), local.TimeOfDay.ToTimeOnly(), it.StartsAt));
    }

    /// The seat is theirs without their doing: for as long as an offer would last they may leave it for free, however near the class is.
    public async Task MoveUp(Transaction tx, Class it, DateTimeZone zone, Enrolment who)
    {
        var asLongAsAnOffer = clock.GetUtcNow().AddMinutes(it.OfferMinutes);
        var free = Later(it.CancelFreeUntil, asLongAsAnOffer < it.StartsAt ? asLongAsAnOffer : it.StartsAt);
        await Seat(tx, it, who, free, Later(it.CancelUntil, free));
        Promoted(tx, it, zone, who, offeredUntil: null);
    }

    /// A seat is kept for them; their time is not.
    public async Task Offer(Transaction tx, Class it, DateTimeZone zone, Enrolment who, DateTimeOffset until)
    {
        await tx.Execute(
            """
            UPDATE enrolments
            SET status = 'offered', offered_until = @Until, updated_at = @Now
            WHERE id = @Id
            """, new { who.Id, until, Now = clock.GetUtcNow() });
        await Count(tx, it.Id, 1);
        Promoted(tx, it, zone, who, until);
    }

    /// Out of the class or the line. Nobody does it when an offer has run out.
    public async Task End(Transaction tx, Class it, DateTimeZone zone, Enrolment who, Guid? by, CancelOutcome outcome, CancelReason? reason)
    {
        await tx.Execute(
            """
            UPDATE enrolments
            SET status = 'cancelled', offered_until = NULL, ended_by = @By, ended_at = @Now, cancel_reason = @Reason, cancel_outcome = @Outcome, updated_at = @Now
            WHERE id = @Id
            """, new { who.Id, by, reason, outcome, Now = clock.GetUtcNow() });
        if (who.Status != EnrolmentStatus.Waitlisted) await Count(tx, it.Id, -1);
        if (who.IsSeated)
        {
            await Busy.Busy.Release(tx, it.Id, who.ClientId);
            await ReminderRows.Forget(tx, it.Id, who.ClientId);
            slots.Drop(tx, who.ClientId);
        }

        var local = PlannedSession.LocalOf(zone, it.StartsAt);
        tx.Append(new ClassEnrolmentCancelled(
            it.Id, who.Id, who.ClientId, it.TrainerId, it.StudioId, local.Date.ToDateOnly(), local.TimeOfDay.ToTimeOnly(), it.StartsAt, who.Status.Word(),
            outcome.Word(), reason?.Word(), by));
    }

    private async Task Seat(Transaction tx, Class it, Enrolment who, DateTimeOffset cancelFreeUntil, DateTimeOffset cancelUntil)
    {
        var now = clock.GetUtcNow();
        await tx.Execute(
            """
            UPDATE enrolments
            SET status = 'enrolled', offered_until = NULL, payment_status = IF(price_amount > 0, 'due', 'none'), cancel_free_until = @CancelFreeUntil,
                cancel_until = @CancelUntil, updated_at = @Now
            WHERE id = @Id
            """, new { who.Id, cancelFreeUntil, cancelUntil, now });
        await Occupy(tx, it, who.ClientId, now, hasSeat: who.Status == EnrolmentStatus.Offered);
    }

    private async Task Occupy(Transaction tx, Class it, Guid client, DateTimeOffset now, bool hasSeat = false)
    {
        if (!hasSeat) await Count(tx, it.Id, 1);
        await Busy.Busy.Take(tx, it.Id, [new Taking(client, it.StartsAt, it.EndsAt)]);
        await ReminderRows.Plan(tx, ReminderKind.Class, it.Id, client, it.StartsAt, now);
        slots.Drop(tx, client);
    }

    private static Task Count(Transaction tx, Guid @class, int seats) =>
        tx.Execute("UPDATE classes SET seats_taken = seats_taken + @Seats WHERE id = @Class", new { @class, seats });

    private static void Promoted(Transaction tx, Class it, DateTimeZone zone, Enrolment who, DateTimeOffset? offeredUntil)
    {
        var local = PlannedSession.LocalOf(zone, it.StartsAt);
        tx.Append(new ClassPromoted(
            it.Id, who.Id, who.ClientId, it.TrainerId, it.StudioId, local.Date.ToDateOnly(), local.TimeOfDay.ToTimeOnly(), it.StartsAt, offeredUntil));
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
