using FitFlow.Scheduling.Features.Classes;
using FitFlow.Scheduling.Features.Policies;

namespace FitFlow.Scheduling.Features.Enrolments;

/// How a free seat goes to who waits.
internal enum Passing
{
    /// It is theirs.
    MoveUp,

    /// It is kept for them until they say.
    Offer,

    /// Theirs who takes it first: the class is so near that nobody is moved up, or waited for, any more.
    Open,
}

/// What is to happen in a class's line at a moment: whose offer has run out, who is next and how, and when to look again.
internal sealed record Turn(
    IReadOnlyList<Enrolment> Lapsed, Passing Passing, IReadOnlyList<Enrolment> Next, DateTimeOffset OfferedUntil, DateTimeOffset? LookAgainAt)
{
    /// Nobody is asked for an answer in less.
    public static readonly TimeSpan ShortestOffer = TimeSpan.FromMinutes(5);

    /// How often those who were busy when a seat came free are looked at again.
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// Who is busy elsewhere at the hour of the class is passed over, and keeps their place.
    public static Turn Of(Class it, IReadOnlyList<Enrolment> standing, IReadOnlySet<Guid> busy, DateTimeOffset now)
    {
        var offers = standing.Where(enrolment => enrolment.Status == EnrolmentStatus.Offered).ToList();
        IReadOnlyList<Enrolment> lapsed = [.. offers.Where(offer => offer.OfferedUntil <= now)];
        if (it.Status == ClassStatus.Cancelled || now >= it.StartsAt) return new Turn(lapsed, Passing.Open, [], now, LookAgainAt: null);

        var (passing, until) = PassingAt(it, now);
        var free = it.SeatsLeft + lapsed.Count;
        var line = standing.Where(enrolment => enrolment.Status == EnrolmentStatus.Waitlisted).OrderBy(enrolment => enrolment.Place).ToList();
        var able = line.Where(enrolment => !busy.Contains(enrolment.ClientId));
        IReadOnlyList<Enrolment> next = free <= 0 ? [] : [.. passing == Passing.Open ? able : able.Take(free)];

        var ends = offers.Except(lapsed).Select(offer => offer.OfferedUntil!.Value);
        if (passing == Passing.Offer && next.Count > 0) ends = ends.Append(until);
        if (passing != Passing.Open && free > next.Count && line.Count > next.Count) ends = ends.Append(now + Pause < it.Cutoff ? now + Pause : it.Cutoff);
        var looks = ends.ToList();
        return new Turn(lapsed, passing, next, until, looks.Count == 0 ? null : looks.Min());
    }

    private static (Passing Passing, DateTimeOffset Until) PassingAt(Class it, DateTimeOffset now)
    {
        if (now >= it.Cutoff) return (Passing.Open, now);
        if (it.WaitlistMode == WaitlistMode.Auto) return (Passing.MoveUp, now);

        var answer = now.AddMinutes(it.OfferMinutes);
        var until = answer < it.Cutoff ? answer : it.Cutoff;
        return (until - now < ShortestOffer ? Passing.Open : Passing.Offer, until);
    }
}
