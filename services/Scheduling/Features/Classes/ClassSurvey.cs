using FitFlow.Data;
using FitFlow.Scheduling.Features.Availability;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Busy;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Interval = FitFlow.Scheduling.Features.Availability.Interval;

namespace FitFlow.Scheduling.Features.Classes;

/// Why a class cannot be then.
internal enum ClassObstacle
{
    InThePast,
    TrainerBusy,
    RoomBusy,
    OutsideHours,
}

/// One date that was asked for: where it can be, or what is in the way.
internal sealed record ClassDate(PlannedClass Class, ClassObstacle? Obstacle);

internal sealed record SkippedClass(DateTimeOffset StartsAt, ClassObstacle Reason);

/// Looks at many dates of one trainer in two questions: what is taken, and when the trainer works.
internal sealed record ClassSurvey(IReadOnlyList<BusyTime> Busy, Intervals? Hours, DateTimeOffset Now)
{
    /// In whatever room they could be. What <paramref name="besides"/> takes now is not in the way; without hours, none bind.
    public static async Task<ClassSurvey> Of(
        Transaction tx, IReadOnlyList<PlannedClass> classes, bool outsideHours, DateTimeOffset now, Guid? besides = null)
    {
        var takings = classes.SelectMany(wanted => wanted.InEachRoom()).SelectMany(wanted => wanted.Takings).ToList();
        var busy = await Features.Busy.Busy.Of(
            tx, takings.Select(taking => taking.Resource), takings.Min(taking => taking.From), takings.Max(taking => taking.Until), now);
        IReadOnlyList<BusyTime> others = [.. busy.Where(time => time.SourceId != besides)];
        if (outsideHours) return new ClassSurvey(others, Hours: null, now);

        var zone = classes[0].Offering.Zone;
        var first = PlannedSession.LocalOf(zone, classes.Min(wanted => wanted.StartsAt)).Date;
        var last = PlannedSession.LocalOf(zone, classes.Max(wanted => wanted.EndsAt)).Date;
        var hours = await Diaries.Hours(tx, classes[0].TrainerId, first, last);
        return new ClassSurvey(others, hours.Between(first, last, zone), now);
    }

    /// In the first room that is free.
    public ClassDate Place(PlannedClass wanted)
    {
        if (wanted.StartsAt <= Now) return new ClassDate(wanted, ClassObstacle.InThePast);
        if (IsTaken(wanted.OfTrainer)) return new ClassDate(wanted, ClassObstacle.TrainerBusy);
        if (Hours?.Contains(new Interval(Instant.FromDateTimeOffset(wanted.StartsAt), Instant.FromDateTimeOffset(wanted.EndsAt))) == false)
            return new ClassDate(wanted, ClassObstacle.OutsideHours);
        var placed = wanted.InEachRoom().FirstOrDefault(candidate => candidate.OfRoom is not { } room || !IsTaken(room));
        return placed is null ? new ClassDate(wanted, ClassObstacle.RoomBusy) : new ClassDate(placed, Obstacle: null);
    }

    private bool IsTaken(Taking taking) => Busy.Any(taking.Overlaps);
}

internal static class ClassObstacles
{
    public static IReadOnlyList<SkippedClass> Skipped(this IEnumerable<ClassDate> dates) =>
        [.. dates.Where(date => date.Obstacle is not null).Select(date => new SkippedClass(date.Class.StartsAt, date.Obstacle!.Value))];

    /// 409: of all these not one can be had. What is in the way of all of them alike is the reason.
    public static ProblemHttpResult Refusal(this IReadOnlyList<SkippedClass> skipped) =>
        skipped.Select(date => date.Reason).Distinct().ToList() is [var reason]
            ? Problems.Conflict($"classes.{reason.Word()}", Words(reason), ("skipped", skipped))
            : Problems.Conflict("classes.nothing_scheduled", "None of these dates can be had.", ("skipped", skipped));

    public static ProblemHttpResult Refusal(this ClassObstacle reason) => Problems.Conflict($"classes.{reason.Word()}", Words(reason));

    private static string Words(ClassObstacle reason) => reason switch
    {
        ClassObstacle.InThePast => "This time is over.",
        ClassObstacle.TrainerBusy => "The trainer is taken at this time.",
        ClassObstacle.RoomBusy => "No room is free at this time.",
        _ => "The trainer does not work at this time.",
    };
}
