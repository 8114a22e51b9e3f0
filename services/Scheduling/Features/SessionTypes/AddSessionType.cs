using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.SessionTypes;

internal static class AddSessionType
{
    public static async Task<Results<Created<SessionType>, ProblemHttpResult>> Handle(
        SessionTypeDetails request, Caller caller, Db db, SessionTypeRules rules, TimeProvider clock, CancellationToken ct)
    {
        if (await rules.Broken(request, caller, ct) is { } broken) return broken;

        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        return await db.ForTenant(caller.Studio).InTransaction(async tx =>
        {
            await tx.Execute(
                """
                INSERT INTO session_types (
                    tenant_id, id, name, description, kind, minutes, buffer_before_minutes, buffer_after_minutes, price_amount, price_currency,
                    requires_program, capacity, room_ids, trainer_ids, notice_minutes, horizon_days, free_cancel_minutes, refuse_cancel_minutes, is_active,
                    version, created_at)
                VALUES (
                    @Studio, @Id, @Name, @Description, @Kind, @Minutes, @BufferBeforeMinutes, @BufferAfterMinutes, @PriceAmount, @PriceCurrency,
                    @RequiresProgram, @Capacity, @RoomIds, @TrainerIds, @NoticeMinutes, @HorizonDays, @FreeCancelMinutes, @RefuseCancelMinutes, @IsActive,
                    @Version, @Now)
                """, request.Columns(caller.Studio, id, isActive: true, version: 1, now));
            return TypedResults.Created($"/api/v1/session-types/{id}", (await SessionType.Find(tx, id))!);
        }, ct);
    }
}
