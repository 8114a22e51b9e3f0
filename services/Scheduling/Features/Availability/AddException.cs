using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

/// Time off, or extra hours. Sessions that are booked stay, and those that lie outside the hours now are named.
internal static class AddException
{
    /// Every search for slots reads those to come.
    private const int MostToCome = 500, MostDays = 400;

    public sealed record Request(ExceptionKind Kind, [Required, StringLength(19)] string StartsLocal, [Required, StringLength(19)] string EndsLocal);

    public sealed record Response(Guid Id, ExceptionKind Kind, string StartsLocal, string EndsLocal, IReadOnlyList<Conflict> Conflicts);

    public static async Task<Results<Created<Response>, ProblemHttpResult>> Handle(
        [FromRoute(Name = "trainer_id")] Guid trainerId, Request request, Caller caller, TrainerHours hours, TimeProvider clock, CancellationToken ct)
    {
        if (LocalText.DateTime(request.StartsLocal) is not { } starts) return Problems.Invalid("starts_local", LocalText.NoDateTime);
        if (LocalText.DateTime(request.EndsLocal) is not { } ends) return Problems.Invalid("ends_local", LocalText.NoDateTime);
        if (ends <= starts) return Problems.Invalid("ends_local", "is not after starts_local");
        if (ends > starts.PlusDays(MostDays)) return Problems.Invalid("ends_local", $"is more than {MostDays} days after starts_local");
        var (studio, refusal) = await hours.ToChange(caller, trainerId, ct);
        if (studio is null) return refusal!;

        var now = clock.GetUtcNow();
        var row = new ExceptionRow(Guid.CreateVersion7(now), request.Kind, ExceptionRow.Column(starts), ExceptionRow.Column(ends));
        var conflicts = await hours.Change(studio, trainerId, async tx =>
        {
            if (await ToCome(tx, trainerId, Instant.FromDateTimeOffset(now).InZone(studio.Zone).LocalDateTime) >= MostToCome) return false;
            await tx.Execute(
                """
                INSERT INTO availability_exceptions (tenant_id, trainer_id, id, kind, starts_local, ends_local, created_at)
                VALUES (@Studio, @TrainerId, @Id, @Kind, @StartsLocal, @EndsLocal, @Now)
                """, new { Studio = tx.Tenant, trainerId, row.Id, row.Kind, row.StartsLocal, row.EndsLocal, now });
            return true;
        }, ct);

        return conflicts is null
            ? Problems.Conflict("availability.too_many_exceptions", $"There are {MostToCome} still to come: remove some first.")
            : TypedResults.Created(
                $"/api/v1/availability/{trainerId}/exceptions/{row.Id}",
                new Response(row.Id, row.Kind, row.View.StartsLocal, row.View.EndsLocal, conflicts));
    }

    private static Task<long> ToCome(Transaction tx, Guid trainer, LocalDateTime now) => tx.QueryOne<long>(
        """
        SELECT COUNT(*)
        FROM availability_exceptions
        WHERE trainer_id = @Trainer AND ends_local > @Now
        """, new { trainer, Now = ExceptionRow.Column(now) });
}
