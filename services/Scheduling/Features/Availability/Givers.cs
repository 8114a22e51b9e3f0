using FitFlow.Data;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Features.Availability;

/// An offering, and who gives it.
internal sealed record Offered(Offering Offering, IReadOnlyList<Guid> Trainers);

/// Those who can be asked for: they have hours in the studio, the session type does not leave them out, and they are trainers here still.
internal sealed class Givers(Db db, Cache cache, People.People people, TimeProvider clock)
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(10);

    /// The offering and its trainers as of some seconds ago; null when there is no such session type.
    public Task<Offered?> Offered(Guid studio, Guid sessionType, CancellationToken ct) => cache.GetOrAdd<Offered?>(
        $"offered:{studio}:{sessionType}", GoodFor,
        async stop =>
        {
            if (await Offering.Find(db.ForTenant(studio), sessionType, stop) is not { } offering) return null;
            return new Offered(offering, await OfAsFarAsKnown(offering, stop));
        }, ct, [SlotCache.TagOfStudio(studio)]);

    /// As of now. Throws while Identity is down and it is not known who works here.
    public async Task<IReadOnlyList<Guid>> Of(Offering offering, CancellationToken ct)
    {
        var trainers = await WithHours(offering, ct);
        var members = await people.Find(offering.Studio, trainers, ct);
        return [.. trainers.Where(id => members.TryGetValue(id, out var member) && member.IsActive && member.Is(Role.Trainer))];
    }

    /// To look at free times needs no Identity: who has left it is found out when it comes to booking.
    private async Task<IReadOnlyList<Guid>> OfAsFarAsKnown(Offering offering, CancellationToken ct)
    {
        try
        {
            return await Of(offering, ct);
        }
        catch (DependencyDownException down) when (down.Dependency == "identity")
        {
            return await WithHours(offering, ct);
        }
    }

    private async Task<IReadOnlyList<Guid>> WithHours(Offering offering, CancellationToken ct)
    {
        // A clock is never more than a day away from another: what ended yesterday by UTC has ended.
        var trainers = await db.ForTenant(offering.Studio).Query<Guid>(
            """
            SELECT trainer_id
            FROM availability_rules
            UNION
            SELECT trainer_id
            FROM availability_exceptions
            WHERE kind = 'extra_hours' AND ends_local > @Yesterday
            ORDER BY trainer_id
            """, new { Yesterday = clock.GetUtcNow().AddDays(-1) }, ct);
        return [.. trainers.Where(offering.IsGivenBy)];
    }
}
