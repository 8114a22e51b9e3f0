using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Classes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Enrolments;

/// Who comes, who came, and who waits. All of it: neither seats nor the line are more than five hundred.
internal static class GetRoster
{
    public sealed record Response(Guid ClassId, int Capacity, Counts Counts, IReadOnlyList<Entry> Data);

    public sealed record Counts(int Enrolled, int Attended, int NoShow, int Offered, int Waitlisted);

    /// A name is null while Identity cannot be asked. The position is the one in the line.
    public sealed record Entry(
        Guid EnrolmentId, Guid ClientId, string? ClientName, EnrolmentStatus Status, int? Position, DateTimeOffset? OfferedUntil, PaymentStatus PaymentStatus,
        DateTimeOffset EnrolledAt);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, People.People people, CancellationToken ct)
    {
        var studio = db.ForTenant(caller.Studio);
        if (await Class.Find(studio, id, ct) is not { } it) return Class.Unknown();
        if (!caller.IsStaffFor(it.TrainerId)) return Class.NotYours();

        var standing = await Enrolment.Standing(studio, id, ct);
        var names = await people.Names(caller.Studio, [.. standing.Select(who => who.ClientId)], ct);
        var line = standing.Where(who => who.Status == EnrolmentStatus.Waitlisted).Select((who, i) => (who.Id, Position: i + 1)).ToDictionary();
        return TypedResults.Ok(new Response(
            id, it.Capacity, Count(standing),
            [
                .. standing.OrderBy(who => who.Status == EnrolmentStatus.Waitlisted).ThenBy(who => who.Place).Select(who => new Entry(
                    who.Id, who.ClientId, names.GetValueOrDefault(who.ClientId), who.Status, line.TryGetValue(who.Id, out var position) ? position : null,
                    who.OfferedUntil, who.PaymentStatus, who.EnrolledAt)),
            ]));
    }

    private static Counts Count(IReadOnlyList<Enrolment> standing)
    {
        return new(
            Of(EnrolmentStatus.Enrolled), Of(EnrolmentStatus.Attended), Of(EnrolmentStatus.NoShow), Of(EnrolmentStatus.Offered), Of(EnrolmentStatus.Waitlisted));

        int Of(EnrolmentStatus status) => standing.Count(who => who.Status == status);
    }
}
