using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Enrolments;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Classes;

/// Another time, trainer, room or number of seats. Those who are enrolled and elsewhere at the new time stand against it; with force they lose their
/// seats, for free, to those in the line. Everybody else is moved, and may leave for free until it begins.
internal static class ChangeClass
{
    public sealed record Request(
        int Version, DateTimeOffset StartsAt, Guid TrainerId, [Range(1, 500)] int Capacity, Guid? RoomId = null, bool OutsideHours = false, bool Force = false);

    public static async Task<Results<Ok<ClassView>, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, Db db, People.People people, ClassRows rows, EnrolmentRows enrolments, Line line, TimeProvider clock,
        CancellationToken ct)
    {
        var studio = db.ForTenant(caller.Studio);
        if (await Class.Find(studio, id, ct) is not { } found) return Class.Unknown();
        if (!caller.IsStaffFor(found.TrainerId)) return Class.NotYours();
        var offering = (await Offering.Find(studio, found.SessionTypeId, ct))!;
        if (request.TrainerId != found.TrainerId && await ClassTrainer.Refused(caller, offering, request.TrainerId, people, ct) is { } refused) return refused;

        return await studio.InTransaction<Results<Ok<ClassView>, ProblemHttpResult>>(async tx =>
        {
            var now = clock.GetUtcNow();
            var before = (await Class.Lock(tx, id))!;
            if (before.Closed(now) is { } closed) return closed;
            if (before.Version != request.Version || before.TrainerId != found.TrainerId) return await Changed(tx);
            if (request.Capacity < before.SeatsTaken)
                return Problems.Conflict("classes.seats_taken", "More seats than that are taken.", ("seats_taken", before.SeatsTaken));

            var wanted = new PlannedClass(offering, request.TrainerId, request.RoomId ?? before.RoomId, request.StartsAt.ToUniversalTime(), before.Length);
            var isMoved = (wanted.StartsAt, wanted.TrainerId, wanted.RoomId) != (before.StartsAt, before.TrainerId, before.RoomId);
            if (isMoved && await Move(tx, before, wanted, now) is { } inTheWay) return inTheWay;

            await tx.Execute(
                """
                UPDATE classes
                SET capacity = @Capacity, version = version + 1, updated_at = @Now
                WHERE id = @Id
                """, new { id, request.Capacity, now });
            if (isMoved || request.Capacity > before.Capacity) await line.Settle(tx, id, offering.Zone);
            return TypedResults.Ok(await ClassView.Read(tx, id, caller));
        }, ct);

        async Task<ProblemHttpResult?> Move(Transaction tx, Class before, PlannedClass wanted, DateTimeOffset now)
        {
            // In the room that it has, if that is still one for it and free; else in any.
            var anywhere = wanted with { RoomId = request.RoomId };
            if (anywhere.Malformed() is { } malformed) return malformed;
            if (wanted.RoomId is { } room && !offering.RoomIds.Contains(room)) wanted = anywhere;
            var standing = await Enrolment.Standing(tx, id);
            if (standing.Any(enrolment => enrolment.ClientId == wanted.TrainerId))
                return Problems.Conflict("classes.trainer_is_enrolled", "This trainer is enrolled in the class.");
            await Busy.Busy.Lock(
                tx, anywhere.InEachRoom().Append(wanted).SelectMany(candidate => candidate.Takings).Select(taking => taking.Resource)
                    .Concat(standing.Select(enrolment => enrolment.ClientId)));

            var isSameHour = wanted.StartsAt == before.StartsAt && wanted.TrainerId == before.TrainerId;
            var survey = await ClassSurvey.Of(tx, [wanted, anywhere], request.OutsideHours || isSameHour, now, besides: id);
            var date = survey.Place(wanted);
            if (date.Obstacle == ClassObstacle.RoomBusy) date = survey.Place(anywhere);
            if (date.Obstacle is { } obstacle) return obstacle.Refusal();

            var (staying, leaving) = await WhoCanCome(tx, standing, date.Class, now);
            if (leaving.Count > 0 && !request.Force)
            {
                return Problems.Conflict(
                    "classes.clients_busy", "Some who are enrolled are elsewhere at that time.", ("client_ids", leaving.Select(client => client.ClientId)));
            }

            foreach (var enrolment in leaving) await enrolments.End(tx, before, offering.Zone, enrolment, caller.Id, CancelOutcome.Free, CancelReason.Other);
            await rows.Move(tx, before, date.Class, staying);
            return null;
        }

        async Task<ProblemHttpResult> Changed(Transaction tx) => Problems.Conflict(
            "classes.changed_meanwhile", "Somebody else has changed this class in the meantime. Look at it again.", ("current", await ClassView.Read(tx, id, caller)));
    }

    /// Who only waits is not asked: they are when it is their turn.
    private static async Task<(IReadOnlyList<Enrolment> Staying, IReadOnlyList<Enrolment> Leaving)> WhoCanCome(
        Transaction tx, IReadOnlyList<Enrolment> standing, PlannedClass to, DateTimeOffset now)
    {
        var seated = standing.Where(enrolment => enrolment.IsSeated).Select(enrolment => enrolment.ClientId).ToList();
        var busy = seated.Count == 0 ? [] : await Busy.Busy.Of(tx, seated, to.StartsAt, to.EndsAt, now);
        var elsewhere = busy.Where(time => standing.All(enrolment => time.SourceId != enrolment.ClassId)).Select(time => time.ResourceId).ToHashSet();
        return (
            [.. standing.Where(enrolment => !enrolment.IsSeated || !elsewhere.Contains(enrolment.ClientId))],
            [.. standing.Where(enrolment => enrolment.IsSeated && elsewhere.Contains(enrolment.ClientId))]);
    }
}
