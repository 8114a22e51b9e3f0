using FitFlow.Data;
using FitFlow.Scheduling.Features.Availability;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Holds;

/// Keeps an hour for a client while they pay. It ends by itself; booking with its id makes it theirs.
internal static class HoldSlot
{
    public static readonly TimeSpan For = TimeSpan.FromMinutes(5);

    /// Nobody keeps a trainer's whole day from the others.
    private const int MostOfAClient = 3;

    public sealed record Request(Guid SessionTypeId, Guid TrainerId, DateTimeOffset StartsAt, Guid? ClientId = null, Guid? RoomId = null);

    public sealed record Response(Guid Id, Guid SessionTypeId, Guid TrainerId, Guid ClientId, Guid? RoomId, DateTimeOffset StartsAt, DateTimeOffset EndsAt, DateTimeOffset ExpiresAt);

    public static async Task<Results<Created<Response>, ProblemHttpResult>> Handle(
        Request request, Caller caller, Db db, Participants participants, Slots slots, Places places, BookingRows rows, SlotCache cache, TimeProvider clock,
        CancellationToken ct)
    {
        var studio = db.ForTenant(caller.Studio);
        if (await Offering.Find(studio, request.SessionTypeId, ct) is not { } offering) return SessionType.Unknown();
        var client = request.ClientId ?? caller.Id;
        if (await participants.Refused(caller, offering, request.TrainerId, client, ct) is { } refused) return refused;

        var asked = new PlannedSession(offering, request.TrainerId, client, RoomId: null, request.StartsAt.ToUniversalTime());
        if ((asked.Malformed(request.RoomId) ?? asked.Untimely(clock.GetUtcNow())) is { } wrong) return wrong;

        var (free, inTheWay) = await places.Of(asked, request.RoomId, besides: null, ct);
        foreach (var planned in free)
        {
            var (held, obstacle) = await studio.InTransaction(tx => Hold(tx, planned), ct);
            if (held is not null) return held;
            if (obstacle is null) return TooMany();
            inTheWay = obstacle;
        }

        return (inTheWay ?? Obstacle.SlotTaken).Refusal(await slots.Nearest(offering, request.TrainerId, asked.StartsAt, ct));

        async Task<(Created<Response>? Held, Obstacle? InTheWay)> Hold(Transaction tx, PlannedSession planned)
        {
            if (await rows.LockAndLook(tx, planned, outsideHours: false) is { } obstacle) return (null, obstacle);

            var now = clock.GetUtcNow();
            await tx.Execute("DELETE FROM holds WHERE owner_id = @Client AND expires_at <= @Now", new { client, now });
            if (await tx.QueryOne<int>("SELECT COUNT(*) FROM holds WHERE owner_id = @Client", new { client }) >= MostOfAClient) return (null, null);

            var held = new Response(
                Guid.CreateVersion7(now), offering.Id, planned.TrainerId, client, planned.RoomId, planned.StartsAt, planned.EndsAt, now + For);
            await tx.Execute(
                """
                INSERT INTO holds (tenant_id, id, owner_id, trainer_id, session_type_id, room_id, starts_at, expires_at, held_by)
                VALUES (@Studio, @Id, @ClientId, @TrainerId, @SessionTypeId, @RoomId, @StartsAt, @ExpiresAt, @By)
                """, new { caller.Studio, held.Id, held.ClientId, held.TrainerId, held.SessionTypeId, held.RoomId, held.StartsAt, held.ExpiresAt, By = caller.Id });
            await Busy.Busy.Take(tx, held.Id, planned.Takings, held.ExpiresAt);
            cache.Drop(tx, planned.Resources);
            var answer = TypedResults.Created($"/api/v1/bookings/holds/{held.Id}", held);
            tx.Answer(answer);
            return (answer, null);
        }
    }

    private static ProblemHttpResult TooMany() => Problems.Conflict("holds.too_many", $"No more than {MostOfAClient} hours are kept at once: book one, or let one go.");
}
