using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;

namespace FitFlow.Scheduling.Features.Holds;

/// An hour that is kept for a client for a few minutes. Its time in `busy` ends with it; the row itself is swept later.
internal sealed record Hold(Guid Id, Guid ClientId, Guid TrainerId, Guid SessionTypeId, Guid? RoomId, DateTimeOffset StartsAt, DateTimeOffset ExpiresAt, Guid HeldBy)
{
    private const string Here =
        """
        SELECT id, owner_id AS client_id, trainer_id, session_type_id, room_id, starts_at, expires_at, held_by
        FROM holds
        WHERE id = @Id
        """;

    public static Task<Hold?> Find(DbScope studio, Guid id, CancellationToken ct) => studio.QueryOne<Hold>(Here, new { id }, ct);

    public static Task<Hold?> Lock(Transaction tx, Guid id) => tx.QueryOne<Hold>(Here + "\nFOR UPDATE", new { id });

    /// Whether it keeps anything for this client still.
    public bool IsOf(Guid client, DateTimeOffset now) => ClientId == client && ExpiresAt > now;

    /// Whether it keeps just this.
    public bool Keeps(PlannedSession planned, DateTimeOffset now) =>
        IsOf(planned.ClientId, now) && TrainerId == planned.TrainerId && SessionTypeId == planned.Offering.Id
        && RoomId == planned.RoomId && StartsAt == planned.StartsAt;

    /// What it kept is free.
    public async Task End(Transaction tx)
    {
        await Busy.Busy.Release(tx, Id);
        await tx.Execute("DELETE FROM holds WHERE id = @Id", new { Id });
    }
}
