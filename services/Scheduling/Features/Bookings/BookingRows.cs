using FitFlow.Contracts.Scheduling;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Availability;
using FitFlow.Scheduling.Features.Reminders;
using FitFlow.Scheduling.Features.SessionTypes;
using NodaTime;

namespace FitFlow.Scheduling.Features.Bookings;

/// The one place where a booking comes to be, moves or ends: with its time, its reminders and its event.
internal sealed class BookingRows(SlotCache slots, TimeProvider clock)
{
    private const string Insert =
        """
        INSERT INTO bookings (
            tenant_id, id, owner_id, trainer_id, session_type_id, room_id, series_id, kind, starts_at, ends_at, status, payment_status, price_amount,
            price_currency, cancel_free_until, cancel_until, booked_by, booked_at, version, updated_at)
        VALUES (
            @StudioId, @Id, @ClientId, @TrainerId, @SessionTypeId, @RoomId, @SeriesId, @Type, @StartsAt, @EndsAt, @Status, @PaymentStatus, @PriceAmount,
            @PriceCurrency, @CancelFreeUntil, @CancelUntil, @BookedBy, @BookedAt, @Version, @BookedAt)
        """;

    /// Waits for whoever else is about these people and this room, then looks. Null: it is free, and stays so until the transaction ends.
    public async Task<Obstacle?> LockAndLook(Transaction tx, PlannedSession planned, bool outsideHours, Guid? besides = null)
    {
        var busy = await Busy.Busy.LockAndLook(tx, planned.Resources, planned.Takings, clock.GetUtcNow(), besides);
        if (planned.ObstacleAmong(busy, besides) is { } obstacle) return obstacle;

        var (start, end) = (Instant.FromDateTimeOffset(planned.StartsAt), Instant.FromDateTimeOffset(planned.EndsAt));
        return outsideHours || await WorkingHours.Cover(tx, planned.Offering, planned.TrainerId, start, end) ? null : Obstacle.OutsideHours;
    }

    public async Task<Booking> Add(Transaction tx, PlannedSession planned, Guid by, Guid? series = null)
    {
        var now = clock.GetUtcNow();
        var booking = new Booking(
            Guid.CreateVersion7(now), planned.Offering.Studio, planned.ClientId, planned.TrainerId, planned.Offering.Id, planned.RoomId, series,
            planned.Offering.Kind, planned.StartsAt, planned.EndsAt, BookingStatus.Confirmed,
            planned.Offering.PriceAmount == 0 ? PaymentStatus.None : PaymentStatus.Due, planned.Offering.PriceAmount, planned.Offering.PriceCurrency,
            planned.CancelFreeUntil, planned.CancelUntil, by, now, EndedBy: null, EndedAt: null, CancelReason: null, CancelNote: null, CancelOutcome: null,
            TrainerNotes: null, Version: 1);
        await tx.Execute(
            Insert + ";\n" + Busy.Busy.Taking + ";\n" + ReminderRows.Planning,
            new
            {
                booking.StudioId,
                booking.Id,
                booking.ClientId,
                booking.TrainerId,
                booking.SessionTypeId,
                booking.RoomId,
                booking.SeriesId,
                booking.Type,
                booking.StartsAt,
                booking.EndsAt,
                booking.Status,
                booking.PaymentStatus,
                booking.PriceAmount,
                booking.PriceCurrency,
                booking.CancelFreeUntil,
                booking.CancelUntil,
                booking.BookedBy,
                booking.BookedAt,
                booking.Version,
                Source = booking.Id,
                ExpiresAt = (DateTimeOffset?)null,
                Takings = Busy.Busy.Json(planned.Takings),
                Subject = booking.Id,
                Person = booking.ClientId,
                Kind = ReminderKind.Booking,
                Hours = ReminderRows.HoursJson,
                Now = now,
            });
        slots.Drop(tx, planned.Resources);

        var local = planned.LocalStart;
        var end = PlannedSession.LocalOf(planned.Offering.Zone, planned.EndsAt);
        tx.Append(new BookingCreated(
            booking.Id, booking.ClientId, booking.TrainerId, booking.StudioId, local.Date.ToDateOnly(), local.TimeOfDay.ToTimeOnly(), end.TimeOfDay.ToTimeOnly(),
            booking.Type.Word(), booking.StartsAt, booking.EndsAt, booking.SessionTypeId, booking.RoomId, booking.SeriesId));
        return booking;
    }

    public async Task<Booking> Move(Transaction tx, Booking from, PlannedSession to)
    {
        var now = clock.GetUtcNow();
        await tx.Execute(
            """
            UPDATE bookings
            SET trainer_id = @TrainerId, room_id = @RoomId, starts_at = @StartsAt, ends_at = @EndsAt, cancel_free_until = @CancelFreeUntil,
                cancel_until = @CancelUntil, version = version + 1, updated_at = @Now
            WHERE id = @Id
            """, new { from.Id, to.TrainerId, to.RoomId, to.StartsAt, to.EndsAt, to.CancelFreeUntil, to.CancelUntil, now });
        await Vacate(tx, from);
        await Occupy(tx, from.Id, to, now);

        var (before, after) = (PlannedSession.LocalOf(to.Offering.Zone, from.StartsAt), to.LocalStart);
        tx.Append(new BookingRescheduled(
            from.Id, from.ClientId, to.TrainerId, from.StudioId, before.Date.ToDateOnly(), before.TimeOfDay.ToTimeOnly(), after.Date.ToDateOnly(),
            after.TimeOfDay.ToTimeOnly(), from.TrainerId, from.StartsAt, to.StartsAt, to.EndsAt));
        return await Booking.Read(tx, from.Id);
    }

    public async Task<Booking> Cancel(Transaction tx, Booking booking, DateTimeZone zone, Guid by, CancelReason reason, string? note, CancelOutcome outcome)
    {
        await tx.Execute(
            """
            UPDATE bookings
            SET status = 'cancelled', ended_by = @By, ended_at = @Now, cancel_reason = @Reason, cancel_note = @Note, cancel_outcome = @Outcome,
                version = version + 1, updated_at = @Now
            WHERE id = @Id
            """, new { booking.Id, by, reason, note, outcome, Now = clock.GetUtcNow() });
        await Vacate(tx, booking);

        var local = PlannedSession.LocalOf(zone, booking.StartsAt);
        tx.Append(new BookingCancelled(
            booking.Id, booking.ClientId, booking.TrainerId, booking.StudioId, reason.Word(), by, outcome.Word(), local.Date.ToDateOnly(),
            local.TimeOfDay.ToTimeOnly(), booking.StartsAt));
        return await Booking.Read(tx, booking.Id);
    }

    private async Task Occupy(Transaction tx, Guid booking, PlannedSession planned, DateTimeOffset now)
    {
        await Busy.Busy.Take(tx, booking, planned.Takings);
        await ReminderRows.Plan(tx, ReminderKind.Booking, booking, planned.ClientId, planned.StartsAt, now);
        slots.Drop(tx, planned.Resources);
    }

    private async Task Vacate(Transaction tx, Booking booking)
    {
        await Busy.Busy.Release(tx, booking.Id);
        await ReminderRows.Forget(tx, booking.Id);
        slots.Drop(tx, booking.RoomId is { } room ? [booking.TrainerId, room] : [booking.TrainerId]);
    }
}
