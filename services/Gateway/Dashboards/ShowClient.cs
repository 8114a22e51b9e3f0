using System.Globalization;
using System.Text.Json;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Gateway.Dashboards;

/// A client's first page in one answer: of each service what it has to say, and the names of those that had nothing to say now.
internal static class ShowClient
{
    public sealed record Response(
        JsonElement? Profile, JsonElement? ActivePrograms, JsonElement? UpcomingBookings, JsonElement? ProgressSummary, IReadOnlyList<string> Partial);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid id, Caller caller, HttpRequest request, Parts parts, TimeProvider clock, CancellationToken ct)
    {
        var now = Uri.EscapeDataString(clock.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        using var asked = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var asking = (
            Profile: parts.Ask("identity", $"/api/v1/users/{id}", asked.Token),
            Programs: parts.Ask("training", $"/api/v1/programs?client_id={id}&status=active", asked.Token),
            Bookings: parts.Ask("scheduling", BookingsOf(id, now, caller, request), asked.Token),
            Progress: parts.Ask("progress", $"/api/v1/analytics/client/{id}", asked.Token));

        var profile = await asking.Profile;
        if (Refusals.Of(profile) is { } refusal)
        {
            await asked.CancelAsync(); // Nobody waits for the others any more.
            return refusal;
        }

        var programs = (await asking.Programs).Items;
        var bookings = (await asking.Bookings).Items;
        var progress = (await asking.Progress).Value;
        return TypedResults.Ok(new Response(
            profile.Value, programs, bookings, progress,
            Refusals.NamesOfMissing(("profile", profile.Value), ("programs", programs), ("bookings", bookings), ("progress", progress))));
    }

    /// In the studio that is named; without one, one's own of all studios.
    private static string BookingsOf(Guid id, string now, Caller caller, HttpRequest request) =>
        request.Headers["X-Studio-Id"].Count == 0 && caller.Token.PersonId == id
            ? $"/api/v1/me/bookings?from={now}&limit=5"
            : $"/api/v1/bookings?client_id={id}&from={now}&limit=5";
}
