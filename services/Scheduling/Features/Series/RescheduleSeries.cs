using System.ComponentModel.DataAnnotations;
using System.Globalization;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Recurring;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace FitFlow.Scheduling.Features.Series;

/// Another hour, another day of the week, another trainer, for what is left of a series. A session that cannot move stays where it is, and is named.
internal static class RescheduleSeries
{
    /// With <see cref="Preview"/> nothing is written.
    public sealed record Request(
        SeriesScope Scope,
        [Required, RegularExpression("([01][0-9]|2[0-3]):[0-5][0-9]", ErrorMessage = "is a time from 00:00 to 23:59")] string Starts,
        Guid? FromBookingId = null,
        [Range(-6, 6)] int ShiftDays = 0,
        Guid? TrainerId = null,
        bool OutsideHours = false,
        bool Preview = false);

    public sealed record Kept(BookingView Booking, Hindrance? Hindrance);

    public sealed record Response(IReadOnlyList<BookingView> Moved, IReadOnlyList<Kept> Kept);

    private sealed record Plan(Booking Booking, PlannedSession To, Occurrence? Placed, Hindrance? Hindrance);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, Db db, Participants participants, BookingRows rows, TimeProvider clock, CancellationToken ct)
    {
        if (request is { Scope: SeriesScope.Following, FromBookingId: null }) return SeriesBookings.FromMissing();
        var studio = db.ForTenant(caller.Studio);
        if ((await SeriesBookings.Of(studio, id, ct)).FirstOrDefault(caller.MaySee) is not { } one) return SeriesBookings.Unknown();
        var offering = (await Offering.Find(studio, one.SessionTypeId, ct))!;
        var trainer = request.TrainerId ?? one.TrainerId;
        if (trainer != one.TrainerId && await participants.Refused(caller, offering, trainer, one.ClientId, ct) is { } refused) return refused;
        var outsideHours = request.OutsideHours && caller.IsStaffFor(one.TrainerId) && caller.IsStaffFor(trainer);

        return await studio.InTransaction<Results<Ok<Response>, ProblemHttpResult>>(async tx =>
        {
            var now = clock.GetUtcNow();
            await Busy.Busy.Lock(tx, [trainer, one.ClientId, .. offering.RoomIds]);
            var upcoming = await SeriesBookings.LockUpcoming(tx, id, request.Scope, request.FromBookingId, now);
            if (upcoming.Count == 0) return SeriesBookings.NothingLeft();

            PlannedSession[] wanted = [.. upcoming.Select(booking => Moved(booking, offering, trainer, request))];
            var survey = await Survey.Of(tx, wanted, outsideHours, now);
            var plans = Settle([.. upcoming.Zip(wanted, (booking, to) => new Plan(booking, to, Placed: null, TooLate(caller, booking, to, outsideHours, now)))], survey);

            var moved = new List<BookingView>();
            foreach (var plan in plans.Where(plan => plan.Hindrance is null))
                moved.Add(BookingView.Of(request.Preview ? plan.Booking with { StartsAt = plan.To.StartsAt, EndsAt = plan.To.EndsAt, TrainerId = trainer } : await rows.Move(tx, plan.Booking, plan.Placed!.Session)));
            return TypedResults.Ok(new Response(moved, [.. plans.Where(plan => plan.Hindrance is not null).Select(plan => new Kept(BookingView.Of(plan.Booking), plan.Hindrance))]));
        }, ct);
    }

    private static PlannedSession Moved(Booking booking, Offering offering, Guid trainer, Request request)
    {
        var date = PlannedSession.LocalOf(offering.Zone, booking.StartsAt).Date.PlusDays(request.ShiftDays);
        var time = LocalTime.FromTimeOnly(TimeOnly.ParseExact(request.Starts, "HH:mm", CultureInfo.InvariantCulture));
        return new PlannedSession(offering.LastingAs(booking), trainer, booking.ClientId, RoomId: null, Recurrence.At(date, time, offering.Zone));
    }

    private static Hindrance? TooLate(Caller caller, Booking booking, PlannedSession to, bool outsideHours, DateTimeOffset now) => booking switch
    {
        _ when !caller.IsStaffFor(booking.TrainerId) && now >= booking.CancelFreeUntil => Hindrance.TooLate,
        _ when outsideHours => null,
        _ => SeriesRequest.Untimely(to, now),
    };

    /// Sessions that move make room for each other; one that cannot is in the way where it was. So it is looked at anew until none has to stay any more.
    private static IReadOnlyList<Plan> Settle(IReadOnlyList<Plan> plans, Survey survey)
    {
        while (true)
        {
            var leaving = plans.Where(plan => plan.Hindrance is null).Select(plan => plan.Booking.Id).ToHashSet();
            var settled = new List<Plan>(plans.Count);
            foreach (var plan in plans)
            {
                if (plan.Hindrance is not null)
                {
                    settled.Add(plan);
                    continue;
                }

                var placed = survey.Place(plan.To, leaving, [.. settled.Where(before => before.Hindrance is null).Select(before => before.Placed!.Session)]);
                settled.Add(plan with { Placed = placed, Hindrance = placed.Hindrance });
            }

            plans = settled;
            if (plans.Count(plan => plan.Hindrance is null) == leaving.Count) return plans;
        }
    }
}
