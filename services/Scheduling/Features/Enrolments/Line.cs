using FitFlow.Contracts.Scheduling;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Classes;
using NodaTime;

namespace FitFlow.Scheduling.Features.Enrolments;

/// Those who wait for a seat. Whatever frees one settles the line in the same transaction: no seat stays empty that somebody in the line could take.
internal sealed class Line(EnrolmentRows rows, TimeProvider clock)
{
    public async Task Settle(Transaction tx, Guid id, DateTimeZone zone)
    {
        var it = await Class.Read(tx, id);
        var turn = await Next(tx, it);
        foreach (var offer in turn.Lapsed) await rows.End(tx, it, zone, offer, by: null, CancelOutcome.Free, reason: null);
        foreach (var who in turn.Next)
        {
            if (turn.Passing == Passing.MoveUp) await rows.MoveUp(tx, it, zone, who);
            else if (turn.Passing == Passing.Offer) await rows.Offer(tx, it, zone, who, turn.OfferedUntil);
        }

        if (turn is { Passing: Passing.Open, Next.Count: > 0 }) Opened(tx, it, zone, it.SeatsLeft + turn.Lapsed.Count, turn.Next);
        await LookAgain(tx, it, turn.LookAgainAt);
    }

    /// Whose turn it is, with a hold on the time of those who are moved up. They are chosen before they are locked, so they are chosen again: as a
    /// rule the same. When somebody took another's time in between, the next is locked out of order; should that be a deadlock, all is done anew.
    private async Task<Turn> Next(Transaction tx, Class it)
    {
        var standing = await Enrolment.Standing(tx, it.Id);
        var waiting = standing.Where(enrolment => enrolment.Status == EnrolmentStatus.Waitlisted).Select(enrolment => enrolment.ClientId).ToList();
        var held = new HashSet<Guid>();
        while (true)
        {
            var now = clock.GetUtcNow();
            var busy = waiting.Count == 0 ? [] : await Busy.Busy.Of(tx, waiting, it.StartsAt, it.EndsAt, now);
            var turn = Turn.Of(it, standing, busy.Select(time => time.ResourceId).ToHashSet(), now);
            var unheld = turn.Passing == Passing.MoveUp ? turn.Next.Select(who => who.ClientId).Where(held.Add).ToList() : [];
            if (unheld.Count == 0) return turn;
            await Busy.Busy.Lock(tx, unheld);
        }
    }

    private static void Opened(Transaction tx, Class it, DateTimeZone zone, int seatsLeft, IReadOnlyList<Enrolment> to)
    {
        var local = PlannedSession.LocalOf(zone, it.StartsAt);
        tx.Append(new ClassSeatOpened(
            it.Id, it.TrainerId, it.StudioId, local.Date.ToDateOnly(), local.TimeOfDay.ToTimeOnly(), it.StartsAt, seatsLeft,
            [.. to.Select(who => who.ClientId)]));
    }

    private static Task LookAgain(Transaction tx, Class it, DateTimeOffset? at) => at is null
        ? tx.Execute("DELETE FROM lines_due WHERE class_id = @Id", new { it.Id })
        : tx.Execute(
            """
            INSERT INTO lines_due (class_id, tenant_id, due_at)
            VALUES (@Id, @StudioId, @At)
            ON DUPLICATE KEY UPDATE due_at = @At
            """, new { it.Id, it.StudioId, at });
}
