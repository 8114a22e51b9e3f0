using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Classes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Enrolments;

/// Notes who came, from an hour before the class to a day after it; neither true nor false takes the note back.
internal static class CheckIn
{
    private static readonly TimeSpan Before = TimeSpan.FromHours(1), After = TimeSpan.FromDays(1);

    public sealed record Request(Guid ClientId, bool? Attended);

    public static async Task<Results<Ok<EnrolmentView>, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, Db db, TimeProvider clock, CancellationToken ct) =>
        await db.ForTenant(caller.Studio).InTransaction<Results<Ok<EnrolmentView>, ProblemHttpResult>>(async tx =>
        {
            var now = clock.GetUtcNow();
            if (await Class.Lock(tx, id) is not { } it) return Class.Unknown();
            if (!caller.IsStaffFor(it.TrainerId)) return Class.NotYours();
            if (it.Status == ClassStatus.Cancelled) return it.Closed(now)!;
            if (now < it.StartsAt - Before || now > it.EndsAt + After) return Shut(it);
            if (request.Attended == false && now < it.StartsAt)
                return Problems.Conflict("classes.not_begun", "This class has not begun yet: everybody may still come.", ("starts_at", it.StartsAt));
            if (await Enrolment.Of(tx, id, request.ClientId) is not { IsSeated: true } who) return Enrolment.Unknown();

            await tx.Execute(
                """
                UPDATE enrolments
                SET status = @Status, checked_in_by = @By, updated_at = @Now
                WHERE id = @Id
                """, new { who.Id, Status = StatusOf(request.Attended), By = request.Attended is null ? (Guid?)null : caller.Id, now });
            return TypedResults.Ok(await EnrolmentView.Read(tx, who.Id));
        }, ct);

    private static EnrolmentStatus StatusOf(bool? attended) => attended switch
    {
        true => EnrolmentStatus.Attended,
        false => EnrolmentStatus.NoShow,
        null => EnrolmentStatus.Enrolled,
    };

    private static ProblemHttpResult Shut(Class it) => Problems.Conflict(
        "classes.check_in_shut", "Who came is noted from an hour before the class to a day after it.", ("opens_at", it.StartsAt - Before), ("closes_at", it.EndsAt + After));
}
