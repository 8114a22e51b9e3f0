using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Rooms;

internal static class AddRoom
{
    public static async Task<Created<Room>> Handle(Room.Details request, Caller caller, Db db, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var room = new Room(Guid.CreateVersion7(now), request.Name.Trim(), IsActive: true, Version: 1);
        await db.ForTenant(caller.Studio).Execute(
            """
            INSERT INTO rooms (tenant_id, id, name, is_active, version, created_at)
            VALUES (@Studio, @Id, @Name, @IsActive, @Version, @Now)
            """, new { caller.Studio, room.Id, room.Name, room.IsActive, room.Version, now }, ct);
        return TypedResults.Created($"/api/v1/rooms/{room.Id}", room);
    }
}
