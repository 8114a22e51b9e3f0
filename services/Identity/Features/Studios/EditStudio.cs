using System.Text.Json;
using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Identity.Features.Members;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Studios;

/// Replaces what is said of a studio. Of two owners who edit the same version, the later is shown what the earlier made of it.
internal static class EditStudio
{
    public sealed record Request : StudioDetails
    {
        public required bool IsActive { get; init; }

        public required int Version { get; init; }
    }

    public static async Task<Results<Ok<Studio>, ProblemHttpResult>> Handle(
        Request request, Caller caller, Db db, TimeProvider clock, CancellationToken ct) =>
        await db.ForTenant(caller.Studio).InTransaction<Results<Ok<Studio>, ProblemHttpResult>>(async tx =>
        {
            if (await Studio.Lock(tx) is not { } studio) return Studio.Unknown();
            if (!await Memberships.Runs(tx, caller.Id)) return MemberProblems.NotAnOwner();
            if (studio.Version != request.Version)
                return Problems.Conflict("studios.changed_meanwhile", "Somebody else has changed this studio in the meantime. Look at it again.", ("current", studio));

            var row = request.Row(studio.Id, request.IsActive, clock.GetUtcNow());
            await tx.Execute(
                """
                UPDATE studios
                SET name = @Name, description = @Description, address = @Address, phone = @Phone, email = @Email, time_zone = @TimeZone, currency = @Currency,
                    tax_region = @TaxRegion, opening_hours = @OpeningHours, amenities = @Amenities, is_active = @IsActive
                """, row);
            var edited = (await Studio.Find(tx))!;
            if (Changes(studio, edited) is not [_, ..] changes) return TypedResults.Ok(studio);

            await tx.Execute("UPDATE studios SET version = version + 1, updated_at = @Now", row);
            tx.Append(new StudioUpdated(studio.Id, changes, edited.TimeZone, edited.Currency, edited.TaxRegion, edited.IsActive));
            return TypedResults.Ok((await Studio.Find(tx))!);
        }, ct);

    /// The fields by the names that they have in JSON.
    private static IReadOnlyList<string> Changes(Studio before, Studio after)
    {
        var (old, now) = (JsonSerializer.SerializeToElement(before, Json.Options), JsonSerializer.SerializeToElement(after, Json.Options));
        return
        [
            .. from field in now.EnumerateObject()
               where !JsonElement.DeepEquals(field.Value, old.GetProperty(field.Name))
               orderby field.Name
               select field.Name,
        ];
    }
}
