using FitFlow.Data;
using FitFlow.Scheduling.Features.Availability;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.SessionTypes;

/// Sessions that are booked already stay as they were agreed on.
internal static class EditSessionType
{
    public sealed record Request : SessionTypeDetails
    {
        public required bool IsActive { get; init; }

        public required int Version { get; init; }
    }

    public static async Task<Results<Ok<SessionType>, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, Db db, SessionTypeRules rules, SlotCache slots, TimeProvider clock, CancellationToken ct)
    {
        if (await rules.Broken(request, caller, ct) is { } broken) return broken;

        return await db.ForTenant(caller.Studio).InTransaction<Results<Ok<SessionType>, ProblemHttpResult>>(async tx =>
        {
            var written = await tx.Execute(
                """
                UPDATE session_types
                SET name = @Name, description = @Description, kind = @Kind, minutes = @Minutes, buffer_before_minutes = @BufferBeforeMinutes,
                    buffer_after_minutes = @BufferAfterMinutes, price_amount = @PriceAmount, price_currency = @PriceCurrency,
                    requires_program = @RequiresProgram, capacity = @Capacity, room_ids = @RoomIds, trainer_ids = @TrainerIds,
                    notice_minutes = @NoticeMinutes, horizon_days = @HorizonDays, free_cancel_minutes = @FreeCancelMinutes,
                    refuse_cancel_minutes = @RefuseCancelMinutes, is_active = @IsActive, version = version + 1
                WHERE id = @Id AND version = @Version
                """, request.Columns(caller.Studio, id, request.IsActive, request.Version, clock.GetUtcNow()));
            if (await SessionType.Find(tx, id) is not { } type) return SessionType.Unknown();
            if (written == 0)
                return Problems.Conflict("session_types.changed_meanwhile", "Somebody else has changed this session type in the meantime.", ("current", type));

            slots.DropStudio(tx);
            return TypedResults.Ok(type);
        }, ct);
    }
}
