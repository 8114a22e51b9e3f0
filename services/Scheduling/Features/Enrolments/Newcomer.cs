using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Classes;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Enrolments;

/// Whether somebody can come into a class at all: Identity says who they are here, Training who is in a program.
internal sealed class Newcomer(People.People people, Programs.Programs programs)
{
    public async Task<ProblemHttpResult?> Refused(Caller caller, Class it, Offering offering, Guid client, CancellationToken ct)
    {
        if (client != caller.Id && !caller.IsStaffFor(it.TrainerId)) return NotYours();
        if (!offering.IsStudioActive) return offering.Closed();
        if (client == it.TrainerId) return Problems.Invalid("client_id", "is the trainer");

        var members = await people.Find(caller.Studio, [client], ct);
        if (!members.TryGetValue(client, out var member) || !member.IsActive || !member.Is(Role.Client))
            return Problems.Invalid("client_id", "is no client of this studio", "classes.unknown_client");
        return offering.RequiresProgram && !await programs.HasActive(client, ct)
            ? Problems.Conflict("classes.no_active_program", "This class is for clients who are in a program, and there is none under way.")
            : null;
    }

    /// Why a client does not come in by themselves at this moment; null when they can.
    public static ProblemHttpResult? Untimely(Class it, Offering offering, DateTimeOffset now) => it.StartsAt switch
    {
        var start when start < now.AddMinutes(offering.NoticeMinutes) =>
            Problems.Conflict("classes.too_soon", $"Enrol at least {offering.NoticeMinutes} minutes ahead.", ("notice_minutes", offering.NoticeMinutes)),
        var start when start > now.AddDays(offering.HorizonDays) =>
            Problems.Conflict("classes.too_far", $"Classes open {offering.HorizonDays} days ahead.", ("horizon_days", offering.HorizonDays)),
        _ => null,
    };

    public static ProblemHttpResult NotYours() => Problems.Forbidden("classes.not_yours", "You enrol yourself, or the clients of the classes that you give.");
}
