using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Members;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Coachings;

/// A trainer's own clients; for those who run the studio all of them, or those of one trainer. By name.
internal static class ListClients
{
    public sealed record Client(Guid UserId, string FirstName, string LastName, DateTimeOffset Since, IReadOnlyList<Guid> TrainerIds);

    private sealed record Row(Guid UserId, string FirstName, string LastName, DateTimeOffset Since);

    public static async Task<Results<Ok<Page<Client>>, ProblemHttpResult>> Handle(
        [StringLength(200)] string? cursor,
        [Range(1, Paging.MaxSize)] int? limit,
        [StringLength(100)] string? search,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "trainer_id")] Guid? trainerId,
        Caller caller,
        Db db,
        CancellationToken ct)
    {
        var trainer = Memberships.Runs(caller.Roles) ? trainerId : caller.Id;
        if (trainerId is not null && trainerId != trainer) return Problems.Forbidden("coachings.not_yours", "Trainers see their own clients.");
        if (Paging.Read(cursor, limit, "clients", caller.Studio, trainer, search) is not { } page) return Paging.WrongCursor();

        var studio = db.ForTenant(caller.Studio);
        var clients = await studio.Query<Row>(
            """
            SELECT u.id AS user_id, u.first_name, u.last_name, m.since
            FROM memberships m
            JOIN users u ON u.id = m.owner_id
            WHERE FIND_IN_SET('client', m.roles) > 0
              AND (@Trainer IS NULL OR EXISTS (SELECT 1 FROM coachings c WHERE c.trainer_id = @Trainer AND c.client_id = m.owner_id))
              AND (@Search IS NULL OR LOCATE(@Search, CONCAT(u.first_name, ' ', u.last_name)) > 0)
              AND (@After IS NULL OR (u.last_name, u.first_name, u.id) > (
                SELECT a.last_name, a.first_name, a.id FROM memberships am JOIN users a ON a.id = am.owner_id WHERE am.owner_id = @After))
            ORDER BY u.last_name, u.first_name, u.id
            LIMIT @Rows
            """, new { trainer, search, page.After, page.Rows }, ct);
        var trainers = await Coaching.TrainersOf(studio, [.. clients.Select(client => client.UserId)], ct);
        return TypedResults.Ok(page.Of(
            [.. clients.Select(row => new Client(row.UserId, row.FirstName, row.LastName, row.Since, [.. trainers[row.UserId]]))], client => client.UserId));
    }
}
