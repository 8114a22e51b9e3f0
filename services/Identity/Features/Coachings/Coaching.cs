using FitFlow.Contracts.Identity;
using FitFlow.Data;

namespace FitFlow.Identity.Features.Coachings;

/// Who coaches whom: trainers see only their own clients.
internal static class Coaching
{
    private sealed record Pair(Guid TrainerId, Guid ClientId);

    /// From now on, if not before. Both belong to the studio, which is locked.
    public static async Task Begin(Transaction tx, Guid trainer, Guid client, DateTimeOffset now)
    {
        var before = await tx.Query<Guid>("SELECT trainer_id FROM coachings WHERE trainer_id = @Trainer AND client_id = @Client", new { trainer, client });
        if (before.Count > 0) return;

        await tx.Execute(
            """
            INSERT INTO coachings (tenant_id, trainer_id, client_id, since)
            VALUES (@Studio, @Trainer, @Client, @Now)
            """, new { Studio = tx.Tenant, trainer, client, now });
        Say(tx, new Pair(trainer, client), isAssigned: true);
    }

    /// False if it was not so.
    public static async Task<bool> End(Transaction tx, Guid trainer, Guid client)
    {
        var ended = await tx.Execute("DELETE FROM coachings WHERE trainer_id = @Trainer AND client_id = @Client", new { trainer, client });
        if (ended == 0) return false;

        Say(tx, new Pair(trainer, client), isAssigned: false);
        return true;
    }

    /// All in which this person is the trainer, or the client, or either.
    public static async Task EndAll(Transaction tx, Guid person, bool asTrainer, bool asClient)
    {
        var ended = await tx.Query<Pair>(
            """
            SELECT trainer_id, client_id
            FROM coachings
            WHERE (trainer_id = @Person AND @AsTrainer) OR (client_id = @Person AND @AsClient)
            """, new { person, asTrainer, asClient });
        foreach (var pair in ended) await End(tx, pair.TrainerId, pair.ClientId);
    }

    /// The trainers of each of these clients, whoever came first first.
    public static async Task<ILookup<Guid, Guid>> TrainersOf(DbScope studio, IReadOnlyList<Guid> clients, CancellationToken ct)
    {
        var coached = clients.Count == 0
            ? []
            : await studio.Query<Pair>(
                """
                SELECT trainer_id, client_id
                FROM coachings
                WHERE client_id IN @Clients
                ORDER BY client_id, since, trainer_id
                """, new { clients }, ct);
        return coached.ToLookup(pair => pair.ClientId, pair => pair.TrainerId);
    }

    private static void Say(Transaction tx, Pair pair, bool isAssigned) =>
        tx.Append(new CoachingChanged(pair.TrainerId, pair.ClientId, tx.Tenant!.Value, isAssigned));
}
