using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Gateway.Dashboards;

/// A trainer's day in one answer.
internal static class ShowTrainer
{
    public sealed record Response(JsonElement? Profile, int? ActiveClients, JsonElement? TodaySchedule, IReadOnlyList<string> Partial);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Guid id, Parts parts, CancellationToken ct)
    {
        using var asked = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var asking = (
            Profile: parts.Ask("identity", $"/api/v1/users/{id}", asked.Token),
            Programs: parts.Ask("training", $"/api/v1/programs?trainer_id={id}&status=active&limit=200", asked.Token),
            Bookings: parts.Ask("scheduling", $"/api/v1/bookings?trainer_id={id}&date=today", asked.Token));

        var profile = await asking.Profile;
        if (Refusals.Of(profile) is { } refusal)
        {
            await asked.CancelAsync(); // Nobody waits for the others any more.
            return refusal;
        }

        var programs = (await asking.Programs).Items;
        var bookings = (await asking.Bookings).Items;
        return TypedResults.Ok(new Response(
            profile.Value, CountClients(programs), bookings,
            Refusals.NamesOfMissing(("profile", profile.Value), ("programs", programs), ("bookings", bookings))));
    }

    /// A client with two programs is one client.
    private static int? CountClients(JsonElement? programs) => programs?.EnumerateArray()
        .Select(program => program.ValueKind == JsonValueKind.Object && program.TryGetProperty("client_id", out var client) ? client.ToString() : null)
        .Where(client => client is not null)
        .Distinct(StringComparer.Ordinal)
        .Count();
}
