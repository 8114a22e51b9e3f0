using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Classes;

/// Whether somebody can give this as a class, and the caller may say so.
internal static class ClassTrainer
{
    public static async Task<ProblemHttpResult?> Refused(Caller caller, Offering offering, Guid trainer, People.People people, CancellationToken ct)
    {
        if (!caller.IsStaffFor(trainer)) return Problems.Forbidden("classes.not_yours", "Trainers schedule their own classes.");
        if (offering.Kind != SessionKind.Group) return Problems.Conflict("session_types.not_a_class", "This is not given as classes: book it.");
        if (offering.Closed() is { } closed) return closed;

        var members = await people.Find(caller.Studio, [trainer], ct);
        if (!members.TryGetValue(trainer, out var member) || !member.IsActive || !member.Is(Role.Trainer))
            return Problems.Invalid("trainer_id", "is no trainer of this studio", "classes.unknown_trainer");
        return offering.IsGivenBy(trainer) ? null : Problems.Conflict("session_types.not_given", "This trainer does not give this session.");
    }
}
