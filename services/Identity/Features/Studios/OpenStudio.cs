using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Identity.Features.Members;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Studios;

/// Whoever opens a studio owns it. The token at hand does not know yet: a refreshed one does.
internal static class OpenStudio
{
    public static async Task<Results<Created<Studio>, ProblemHttpResult>> Handle(
        StudioDetails request, Caller caller, Db db, MembershipRows members, TimeProvider clock, CancellationToken ct)
    {
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var studio = await db.ForTenant(id).InTransaction(async tx =>
        {
            if (!await Memberships.HasRoom(tx, caller.Id)) return null;
            await tx.Execute(
                """
                INSERT INTO studios (
                    tenant_id, name, description, address, phone, email, time_zone, currency, tax_region, opening_hours, amenities, is_active, version,
                    created_at, updated_at)
                VALUES (
                    @Id, @Name, @Description, @Address, @Phone, @Email, @TimeZone, @Currency, @TaxRegion, @OpeningHours, @Amenities, @IsActive, 1, @Now, @Now)
                """, request.Row(id, isActive: true, clock.GetUtcNow()));
            tx.Append(new StudioCreated(id, caller.Id, request.TimeZone, request.Currency, request.TaxRegion));
            await members.Set(tx, caller.Id, Role.GymOwner);
            return await Studio.Find(tx);
        }, ct);

        return studio is null ? MemberProblems.NoRoom() : TypedResults.Created($"/api/v1/studios/{id}", studio);
    }
}
