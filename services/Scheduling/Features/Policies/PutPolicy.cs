using FitFlow.Data;
using FitFlow.Scheduling.Features.Availability;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Policies;

/// What was promised for sessions that are booked already stays.
internal static class PutPolicy
{
    public sealed record Request : PolicyRules
    {
        public required int Version { get; init; }
    }

    public static async Task<Results<Ok<Policy>, ProblemHttpResult>> Handle(
        Request request, Caller caller, Db db, SlotCache slots, TimeProvider clock, CancellationToken ct)
    {
        var args = new
        {
            caller.Studio,
            request.NoticeMinutes,
            request.HorizonDays,
            request.SlotStepMinutes,
            request.FreeCancelMinutes,
            request.RefuseCancelMinutes,
            request.WaitlistMode,
            request.OfferMinutes,
            request.WaitlistCutoffMinutes,
            request.Version,
            Now = clock.GetUtcNow(),
        };
        return await db.ForTenant(caller.Studio).InTransaction<Results<Ok<Policy>, ProblemHttpResult>>(async tx =>
        {
            var written = request.Version == 0
                ? await First(tx, args)
                : await tx.Execute(
                    """
                    UPDATE policies
                    SET notice_minutes = @NoticeMinutes, horizon_days = @HorizonDays, slot_step_minutes = @SlotStepMinutes,
                        free_cancel_minutes = @FreeCancelMinutes, refuse_cancel_minutes = @RefuseCancelMinutes, waitlist_mode = @WaitlistMode,
                        offer_minutes = @OfferMinutes, waitlist_cutoff_minutes = @WaitlistCutoffMinutes, version = version + 1, updated_at = @Now
                    WHERE version = @Version
                    """, args) == 1;
            var policy = await Policy.Find(tx);
            if (!written)
                return Problems.Conflict("policies.changed_meanwhile", "Somebody else has changed these rules in the meantime. Look at them again.", ("current", policy));

            slots.DropStudio(tx);
            return TypedResults.Ok(policy);
        }, ct);
    }

    private static async Task<bool> First(Transaction tx, object args)
    {
        try
        {
            await tx.Execute(
                """
                INSERT INTO policies (
                    tenant_id, notice_minutes, horizon_days, slot_step_minutes, free_cancel_minutes, refuse_cancel_minutes, waitlist_mode, offer_minutes,
                    waitlist_cutoff_minutes, version, updated_at)
                VALUES (
                    @Studio, @NoticeMinutes, @HorizonDays, @SlotStepMinutes, @FreeCancelMinutes, @RefuseCancelMinutes, @WaitlistMode, @OfferMinutes,
                    @WaitlistCutoffMinutes, 1, @Now)
                """, args);
            return true;
        }
        catch (UniqueViolation)
        {
            return false;
        }
    }
}
