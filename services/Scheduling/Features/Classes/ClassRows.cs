using FitFlow.Contracts.Scheduling;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Availability;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Busy;
using FitFlow.Scheduling.Features.Enrolments;
using FitFlow.Scheduling.Features.Policies;
using FitFlow.Scheduling.Features.Reminders;
using NodaTime;

namespace FitFlow.Scheduling.Features.Classes;

/// The one place where a class comes to be, moves or ends: with the time that it takes, and its event.
internal sealed class ClassRows(SlotCache slots, TimeProvider clock)
{
    /// What holds for all classes that are scheduled together.
    public sealed record Terms(int Capacity, WaitlistMode WaitlistMode, int OfferMinutes, int WaitlistCutoffMinutes, Guid? Series, Guid By);

    /// The slots that are kept of the trainer and the room are dropped by who adds one, or many.
    public async Task<Guid> Add(Transaction tx, PlannedClass planned, Terms terms)
    {
        var now = clock.GetUtcNow();
        var (id, offering) = (Guid.CreateVersion7(now), planned.Offering);
        await tx.Execute(
            """
            INSERT INTO classes (
                tenant_id, id, series_id, session_type_id, trainer_id, room_id, starts_at, ends_at, capacity, seats_taken, status, waitlist_mode,
                offer_minutes, waitlist_cutoff_minutes, cancel_free_minutes, cancel_refuse_minutes, scheduled_by, scheduled_at, version, updated_at)
            VALUES (
                @Studio, @Id, @Series, @SessionType, @TrainerId, @RoomId, @StartsAt, @EndsAt, @Capacity, 0, 'scheduled', @WaitlistMode,
                @OfferMinutes, @WaitlistCutoffMinutes, @FreeCancelMinutes, @RefuseCancelMinutes, @By, @Now, 1, @Now)
            """,
            new
            {
                offering.Studio,
                id,
                terms.Series,
                SessionType = offering.Id,
                planned.TrainerId,
                planned.RoomId,
                planned.StartsAt,
                planned.EndsAt,
                terms.Capacity,
                terms.WaitlistMode,
                terms.OfferMinutes,
                terms.WaitlistCutoffMinutes,
                offering.FreeCancelMinutes,
                offering.RefuseCancelMinutes,
                terms.By,
                now,
            });
        await Busy.Busy.Take(tx, id, planned.Takings);

        var (start, end) = (PlannedSession.LocalOf(offering.Zone, planned.StartsAt), PlannedSession.LocalOf(offering.Zone, planned.EndsAt));
        tx.Append(new ClassScheduled(
            id, terms.Series, offering.Id, planned.TrainerId, offering.Studio, planned.RoomId, start.Date.ToDateOnly(), start.TimeOfDay.ToTimeOnly(),
            end.TimeOfDay.ToTimeOnly(), terms.Capacity, planned.StartsAt, planned.EndsAt));
        return id;
    }

    /// Takes the time of the trainer, the room and those who are enrolled anew. What it costs nobody to leave, it costs nobody who is moved.
    public async Task Move(Transaction tx, Class from, PlannedClass to, IReadOnlyList<Enrolment> coming)
    {
        var now = clock.GetUtcNow();
        await tx.Execute(
            """
            UPDATE classes
            SET trainer_id = @TrainerId, room_id = @RoomId, starts_at = @StartsAt, ends_at = @EndsAt
            WHERE id = @Id
            """, new { from.Id, to.TrainerId, to.RoomId, to.StartsAt, to.EndsAt });
        var enrolled = coming.Where(enrolment => enrolment.IsSeated).Select(enrolment => enrolment.ClientId).ToList();
        await Busy.Busy.Release(tx, from.Id);
        await Busy.Busy.Take(tx, from.Id, [.. to.Takings, .. enrolled.Select(client => new Taking(client, to.StartsAt, to.EndsAt))]);
        slots.Drop(tx, [from.TrainerId, .. from.RoomId is { } room ? [room] : Array.Empty<Guid>(), .. to.Takings.Select(taking => taking.Resource), .. enrolled]);

        if (to.StartsAt != from.StartsAt)
        {
            await AllPlaces.Move(tx, from, to.StartsAt, now);
            await ReminderRows.Forget(tx, from.Id);
            foreach (var client in enrolled) await ReminderRows.Plan(tx, ReminderKind.Class, from.Id, client, to.StartsAt, now);
        }

        var (before, after) = (PlannedSession.LocalOf(to.Offering.Zone, from.StartsAt), PlannedSession.LocalOf(to.Offering.Zone, to.StartsAt));
        tx.Append(new ClassRescheduled(
            from.Id, to.TrainerId, from.StudioId, before.Date.ToDateOnly(), before.TimeOfDay.ToTimeOnly(), after.Date.ToDateOnly(),
            after.TimeOfDay.ToTimeOnly(), from.TrainerId, from.StartsAt, to.StartsAt, to.EndsAt, to.RoomId, [.. coming.Select(enrolment => enrolment.ClientId)]));
    }

    /// With everybody's time and place in it. Whose time that was is returned, for the slots that are kept of them.
    public async Task<IReadOnlyList<Guid>> Cancel(Transaction tx, Class it, DateTimeZone zone, Guid by, CancelReason reason)
    {
        var now = clock.GetUtcNow();
        var clients = (await Enrolment.Standing(tx, it.Id)).Select(enrolment => enrolment.ClientId).ToList();
        await tx.Execute(
            """
            UPDATE classes
            SET status = 'cancelled', seats_taken = 0, cancelled_by = @By, cancelled_at = @Now, cancel_reason = @Reason, version = version + 1, updated_at = @Now
            WHERE id = @Id
            """, new { it.Id, by, reason, now });
        await AllPlaces.End(tx, it.Id, by, reason, now);
        await Busy.Busy.Release(tx, it.Id);
        await ReminderRows.Forget(tx, it.Id);

        var local = PlannedSession.LocalOf(zone, it.StartsAt);
        tx.Append(new ClassCancelled(
            it.Id, it.TrainerId, it.StudioId, local.Date.ToDateOnly(), local.TimeOfDay.ToTimeOnly(), it.StartsAt, reason.Word(), clients));
        return [it.TrainerId, .. it.RoomId is { } room ? [room] : Array.Empty<Guid>(), .. clients];
    }
}
