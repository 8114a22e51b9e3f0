using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Rooms;

internal sealed record Room(Guid Id, string Name, bool IsActive, int Version)
{
    public sealed record Details([Required, StringLength(120), OneLine] string Name);

    private const string Here =
        """
        SELECT id, name, is_active, version
        FROM rooms
        WHERE id = @Id
        """;

    public static Task<Room?> Find(Transaction tx, Guid id) => tx.QueryOne<Room>(Here, new { id });

    /// Those of them that are there and in use.
    public static async Task<IReadOnlyList<Guid>> Active(DbScope studio, IReadOnlyList<Guid> rooms, CancellationToken ct)
    {
        if (rooms.Count == 0) return [];
        var active = await studio.Query<Guid>("SELECT id FROM rooms WHERE id IN @Rooms AND is_active", new { rooms }, ct);
        return [.. rooms.Where(active.Contains)];
    }

    public static ProblemHttpResult Unknown() => Problems.NotFound("rooms.unknown", "There is no such room.");
}
