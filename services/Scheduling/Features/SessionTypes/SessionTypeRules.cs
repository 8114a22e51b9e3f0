using FitFlow.Data;
using FitFlow.Scheduling.Features.People;
using FitFlow.Scheduling.Features.Rooms;
using FitFlow.Scheduling.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.SessionTypes;

/// What the fields alone do not tell: the studio's money, its rooms, its trainers.
internal sealed class SessionTypeRules(Db db, StudioRows studios, People.People people)
{
    public async Task<ProblemHttpResult?> Broken(SessionTypeDetails details, Caller caller, CancellationToken ct)
    {
        if (await studios.Find(caller, ct) is not { } studio) return Problems.NotFound("studios.unknown", "There is no such studio.");
        if (details.Price.Currency != studio.Currency) return Problems.Invalid("price.currency", $"is the studio's, {studio.Currency}");

        var rooms = await Room.Active(db.ForTenant(caller.Studio), details.RoomIds, ct);
        if (details.RoomIds.Except(rooms).Any()) return Problems.Invalid("room_ids", "names a room that is not here, or not in use");

        var trainers = await people.Find(caller.Studio, details.TrainerIds, ct);
        return details.TrainerIds.All(id => trainers.TryGetValue(id, out var member) && member.Is(Role.Trainer))
            ? null
            : Problems.Invalid("trainer_ids", "names somebody who is no trainer here");
    }
}
