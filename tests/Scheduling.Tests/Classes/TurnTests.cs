using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Classes;
using FitFlow.Scheduling.Features.Enrolments;
using FitFlow.Scheduling.Features.Policies;
using FsCheck;
using FsCheck.Fluent;

namespace FitFlow.Scheduling.Tests.Classes;

/// What is to happen in a line, for any class, line and moment.
public sealed class TurnTests
{
    private static readonly DateTimeOffset Starts = new(2026, 11, 21, 18, 0, 0, TimeSpan.Zero);

    private sealed record Case(Class It, List<Enrolment> Standing, HashSet<Guid> Busy, DateTimeOffset Now)
    {
        public Turn Turn => Turn.Of(It, Standing, Busy, Now);

        public IReadOnlyList<Enrolment> Able => [.. Standing.Where(who => who.Status == EnrolmentStatus.Waitlisted && !Busy.Contains(who.ClientId))];
    }

    [Fact]
    public void NeverMoreThanThereAreSeats() => ForAll(given =>
        given.Turn.Passing == Passing.Open || given.Turn.Next.Count <= Math.Max(0, given.It.SeatsLeft + given.Turn.Lapsed.Count));

    [Fact]
    public void NoSeatStaysEmptyThatSomebodyInTheLineCouldTake() => ForAll(given =>
        given.Now >= given.It.StartsAt || given.Turn.Next.Count >= Math.Min(given.Able.Count, Math.Max(0, given.It.SeatsLeft + given.Turn.Lapsed.Count)));

    [Fact]
    public void WhoCameFirstIsFirst() => ForAll(given =>
        given.Turn.Next.SequenceEqual(given.Able.OrderBy(who => who.Place).Take(given.Turn.Next.Count)));

    [Fact]
    public void NobodyIsMovedUpOrWaitedForNearTheClass() => ForAll(given =>
        given.Now < given.It.Cutoff || given.Turn.Passing == Passing.Open);

    [Fact]
    public void AnOfferLeavesTimeToAnswerAndEndsByTheCutoff() => ForAll(given =>
        given.Turn.Passing != Passing.Offer || (given.Turn.OfferedUntil - given.Now >= Turn.ShortestOffer && given.Turn.OfferedUntil <= given.It.Cutoff));

    [Fact]
    public void JustTheOffersThatHaveRunOutEnd() => ForAll(given =>
        given.Turn.Lapsed.SequenceEqual(given.Standing.Where(who => who.Status == EnrolmentStatus.Offered && who.OfferedUntil <= given.Now)));

    [Fact]
    public void ALineIsLookedAtAgainWhileAnythingMayChangeAndNotAfterItBegan() => ForAll(given =>
    {
        var turn = given.Turn;
        if (given.Now >= given.It.StartsAt) return turn.LookAgainAt is null;
        var offers = given.Standing.Any(who => who.Status == EnrolmentStatus.Offered && who.OfferedUntil > given.Now) || (turn.Passing == Passing.Offer && turn.Next.Count > 0);
        var idle = given.It.SeatsLeft + turn.Lapsed.Count - turn.Next.Count > 0
            && given.Standing.Count(who => who.Status == EnrolmentStatus.Waitlisted) > turn.Next.Count && turn.Passing != Passing.Open;
        return (turn.LookAgainAt is not null) == (offers || idle) && (turn.LookAgainAt is null || turn.LookAgainAt > given.Now);
    });

    private static void ForAll(Func<Case, bool> holds) => Prop.ForAll(Cases().ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static Gen<Case> Cases() =>
        from mode in Gen.Elements(WaitlistMode.Auto, WaitlistMode.Offer)
        from capacity in Gen.Choose(1, 6)
        from offer in Gen.Choose(5, 120)
        from cutoff in Gen.Choose(0, 120)
        from minutes in Gen.Choose(-300, 10)
        from statuses in Gen.ListOf(Gen.Elements(EnrolmentStatus.Enrolled, EnrolmentStatus.Waitlisted, EnrolmentStatus.Waitlisted, EnrolmentStatus.Offered))
        from busy in Gen.ListOf(Gen.Elements(true, false), statuses.Count)
        from ends in Gen.ListOf(Gen.Choose(-60, 60), statuses.Count)
        select Of(mode, capacity, offer, cutoff, Starts.AddMinutes(minutes), statuses, busy, ends);

    private static Case Of(
        WaitlistMode mode, int capacity, int offer, int cutoff, DateTimeOffset now, IReadOnlyList<EnrolmentStatus> statuses, IReadOnlyList<bool> busy,
        IReadOnlyList<int> ends)
    {
        var seats = 0;
        var standing = new List<Enrolment>();
        for (var i = 0; i < statuses.Count; i++)
        {
            // No more seats than there are: the others wait.
            var status = statuses[i] != EnrolmentStatus.Waitlisted && seats++ >= capacity ? EnrolmentStatus.Waitlisted : statuses[i];
            var id = new Guid(i + 1, 0, 0, new byte[8]);
            standing.Add(new Enrolment(
                id, Guid.Empty, id, status, i + 1, status == EnrolmentStatus.Offered ? now.AddMinutes(ends[i]) : null, Starts, Starts, PaymentStatus.None, Starts));
        }

        var taken = standing.Count(who => who.Status != EnrolmentStatus.Waitlisted);
        var it = new Class(
            Guid.Empty, Guid.Empty, SeriesId: null, Guid.Empty, Guid.Empty, RoomId: null, Starts, Starts.AddHours(1), capacity, taken, ClassStatus.Scheduled, mode,
            offer, cutoff, CancelFreeMinutes: 0, CancelRefuseMinutes: 0, Version: 1);
        return new Case(it, standing, [.. standing.Where((_, i) => busy[i]).Select(who => who.ClientId)], now);
    }
}
