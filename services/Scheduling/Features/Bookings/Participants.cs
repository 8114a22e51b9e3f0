using FitFlow.Scheduling.Features.People;
using FitFlow.Scheduling.Features.Programs;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Bookings;

/// Whether these people can have this session at all: Identity says who they are here, Training who is in a program.
internal sealed class Participants(People.People people, Programs.Programs programs)
{
    public async Task<ProblemHttpResult?> Refused(Caller caller, Offering offering, Guid? trainer, Guid client, CancellationToken ct)
    {
        if (offering.Kind == SessionKind.Group) return Problems.Conflict("session_types.is_a_class", "This is given as classes: enrol in one.");
        if (offering.Closed() is { } closed) return closed;
        if (trainer == client) return Problems.Invalid("client_id", "is the trainer");

        var members = await people.Find(caller.Studio, trainer is { } named ? [named, client] : [client], ct);
        if (!members.TryGetValue(client, out var theClient) || !theClient.IsActive || !theClient.Is(Role.Client))
            return Problems.Invalid("client_id", "is no client of this studio", "bookings.unknown_client");
        if (!caller.MayBook(trainer, theClient)) return BookingRights.NotYours();
        if (trainer is { } id && (!members.TryGetValue(id, out var theTrainer) || !theTrainer.IsActive || !theTrainer.Is(Role.Trainer)))
            return Problems.Invalid("trainer_id", "is no trainer of this studio", "bookings.unknown_trainer");
        if (trainer is { } giver && !offering.IsGivenBy(giver)) return Problems.Conflict("session_types.not_given", "This trainer does not give this session.");

        return offering.RequiresProgram && !await programs.HasActive(client, ct)
            ? Problems.Conflict("bookings.no_active_program", "This session is for clients who are in a program, and there is none under way.")
            : null;
    }
}
