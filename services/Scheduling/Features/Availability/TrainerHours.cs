using FitFlow.Contracts.Scheduling;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

/// A session that is agreed on and lies outside the trainer's hours. It takes place until somebody says otherwise.
internal sealed record Conflict(Guid BookingId, DateTimeOffset StartsAt, DateTimeOffset EndsAt)
{
    internal Interval Session => new(Instant.FromDateTimeOffset(StartsAt), Instant.FromDateTimeOffset(EndsAt));
}

/// What every change of a trainer's hours has in common: who may, who waits for whom, what is said, and what it does to sessions that are booked.
internal sealed class TrainerHours(Db db, StudioRows studios, People.People people, SlotCache slots, TimeProvider clock)
{
    /// Trainers say their own hours, and those who run the studio everybody's. The studio, or why not.
    public async Task<(Studio? Studio, ProblemHttpResult? Refusal)> ToChange(Caller caller, Guid trainer, CancellationToken ct)
    {
        var isOwn = caller.Id == trainer && caller.Is(Role.Trainer);
        if (!isOwn && !caller.Is(Role.GymOwner | Role.Admin))
            return (null, Problems.Forbidden("availability.not_yours", "Trainers say their own hours."));
        if (await studios.Find(caller, ct) is not { } studio) return (null, Problems.NotFound("studios.unknown", "There is no such studio."));
        if (isOwn) return (studio, null);

        var members = await people.Find(caller.Studio, [trainer], ct);
        return members.TryGetValue(trainer, out var member) && member.IsActive && member.Is(Role.Trainer)
            ? (studio, null)
            : (null, Problems.NotFound("availability.unknown_trainer", "There is no such trainer in this studio."));
    }

    /// Does it while nobody takes the trainer's time, and says what lies outside the hours afterwards; null when there was nothing to change.
    public Task<IReadOnlyList<Conflict>?> Change(Studio studio, Guid trainer, Func<Transaction, Task<bool>> change, CancellationToken ct) =>
        db.ForTenant(studio.Id).InTransaction(async tx =>
        {
            await Busy.Busy.Lock(tx, trainer);
            if (!await change(tx)) return null;

            tx.Append(new AvailabilityChanged(trainer, studio.Id));
            slots.DropStudio(tx);
            return await Conflicts(tx, trainer, studio.Zone);
        }, ct);

    private async Task<IReadOnlyList<Conflict>?> Conflicts(Transaction tx, Guid trainer, DateTimeZone zone)
    {
        var booked = await tx.Query<Conflict>(
            """
            SELECT id AS booking_id, starts_at, ends_at
            FROM bookings
            WHERE trainer_id = @Trainer AND starts_at > @Now AND status = 'confirmed'
            ORDER BY starts_at, id
            """, new { trainer, Now = clock.GetUtcNow() });
        if (booked.Count == 0) return [];

        var sessions = booked.Select(booking => booking.Session).ToArray();
        var (first, last) = (sessions[0].Start.InZone(zone).Date, sessions.Max(session => session.End).InZone(zone).Date);
        var hours = (await Diaries.Hours(tx, trainer, first, last)).Between(first, last, zone);
        return [.. booked.Zip(sessions).Where(pair => !hours.Contains(pair.Second)).Select(pair => pair.First)];
    }
}
