using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Enrolments;
using FitFlow.Scheduling.Features.Policies;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Features.Classes;

/// A class as it is shown, and what the caller has in it. A name is null while Identity cannot be asked.
internal sealed record ClassView(
    Guid Id, Guid StudioId, Guid? SeriesId, Guid SessionTypeId, string Name, Guid TrainerId, string? TrainerName, Guid? RoomId, DateTimeOffset StartsAt,
    DateTimeOffset EndsAt, ClassStatus Status, int Capacity, int SeatsLeft, int Waiting, WaitlistMode WaitlistMode, int OfferMinutes,
    int WaitlistCutoffMinutes, Money Price, DateTimeOffset CancelFreeUntil, DateTimeOffset CancelUntil, CancelReason? CancelReason,
    EnrolmentStatus? MyStatus, int? MyPosition, DateTimeOffset? MyOfferedUntil, int Version)
{
    public const string Select =
        """
        SELECT c.id, c.tenant_id AS studio_id, c.series_id, c.session_type_id, t.name, c.trainer_id, c.room_id, c.starts_at, c.ends_at, c.status, c.capacity,
               c.seats_taken, c.waitlist_mode, c.offer_minutes, c.waitlist_cutoff_minutes, c.cancel_free_minutes, c.cancel_refuse_minutes, c.cancel_reason,
               c.version, t.price_amount, t.price_currency,
               (SELECT COUNT(*) FROM enrolments w WHERE w.class_id = c.id AND w.status = 'waitlisted') AS waiting,
               e.status AS my_status, e.offered_until AS my_offered_until,
               CASE e.status
                   WHEN 'waitlisted' THEN (SELECT COUNT(*) FROM enrolments w WHERE w.class_id = c.id AND w.status = 'waitlisted' AND w.place <= e.place)
               END AS my_position
        FROM classes c
        JOIN session_types t ON t.id = c.session_type_id
        LEFT JOIN enrolments e ON e.class_id = c.id AND e.owner_id = @Me AND e.is_standing = 1

        """;

    private const string Here = Select + "WHERE c.id = @Id";

    private const string These =
        Select + """
        WHERE c.id IN @Ids
        ORDER BY c.starts_at, c.id
        """;

    public sealed record Row(
        Guid Id, Guid StudioId, Guid? SeriesId, Guid SessionTypeId, string Name, Guid TrainerId, Guid? RoomId, DateTimeOffset StartsAt, DateTimeOffset EndsAt,
        ClassStatus Status, int Capacity, int SeatsTaken, WaitlistMode WaitlistMode, int OfferMinutes, int WaitlistCutoffMinutes, int CancelFreeMinutes,
        int CancelRefuseMinutes, CancelReason? CancelReason, int Version, long PriceAmount, string PriceCurrency, int Waiting, EnrolmentStatus? MyStatus,
        DateTimeOffset? MyOfferedUntil, int? MyPosition);

    public static Task<Row?> Find(DbScope studio, Guid id, Guid? me, CancellationToken ct) => studio.QueryOne<Row>(Here, new { id, me }, ct);

    /// As the caller sees it in the transaction.
    public static async Task<ClassView> Read(Transaction tx, Guid id, Caller caller) =>
        Of((await tx.QueryOne<Row>(Here, new { id, Me = caller.Id }))!);

    public static async Task<IReadOnlyList<ClassView>> Read(Transaction tx, IReadOnlyList<Guid> ids, Caller caller) =>
        [.. (await tx.Query<Row>(These, new { ids, Me = caller.Id })).Select(row => Of(row))];

    public static async Task<IReadOnlyList<ClassView>> Of(Guid studio, IReadOnlyList<Row> rows, People.People people, CancellationToken ct)
    {
        var names = await people.Names(studio, [.. rows.Select(row => row.TrainerId).Distinct()], ct);
        return [.. rows.Select(row => Of(row, names))];
    }

    private static ClassView Of(Row row, IReadOnlyDictionary<Guid, string?>? names = null) => new(
        row.Id, row.StudioId, row.SeriesId, row.SessionTypeId, row.Name, row.TrainerId, names?.GetValueOrDefault(row.TrainerId), row.RoomId, row.StartsAt,
        row.EndsAt, row.Status, row.Capacity, row.Capacity - row.SeatsTaken, row.Waiting, row.WaitlistMode, row.OfferMinutes, row.WaitlistCutoffMinutes,
        new Money(row.PriceAmount, row.PriceCurrency), row.StartsAt.AddMinutes(-row.CancelFreeMinutes), row.StartsAt.AddMinutes(-row.CancelRefuseMinutes),
        row.CancelReason, row.MyStatus, row.MyPosition, row.MyOfferedUntil, row.Version);
}
