using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Availability;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Rooms;

/// A room that is out of use takes no new sessions; those that are booked there stay.
internal static class EditRoom
{
    public sealed record Request([Required, StringLength(120), OneLine] string Name, bool IsActive, int Version);

    public static async Task<Results<Ok<Room>, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, Db db, SlotCache slots, CancellationToken ct) =>
        await db.ForTenant(caller.Studio).InTransaction<Results<Ok<Room>, ProblemHttpResult>>(async tx =>
        {
            var written = await tx.Execute(
                """
                UPDATE rooms
                SET name = @Name, is_active = @IsActive, version = version + 1
                WHERE id = @Id AND version = @Version
                """, new { id, Name = request.Name.Trim(), request.IsActive, request.Version });
            if (await Room.Find(tx, id) is not { } room) return Room.Unknown();
            if (written == 0) return Problems.Conflict("rooms.changed_meanwhile", "Somebody else has changed this room in the meantime.", ("current", room));

            slots.DropStudio(tx);
            return TypedResults.Ok(room);
        }, ct);
}
