using System.ComponentModel.DataAnnotations;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

/// When something can be booked: every day that is asked for, by the studio's clock, also those without a free time.
internal static class ListSlots
{
    private const int MostDays = 42;

    public sealed record Day(DateOnly Date, IReadOnlyList<SlotView> Slots);

    public sealed record Response(string TimeZone, IReadOnlyList<Day> Data);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        [FromQuery(Name = "session_type")] Guid sessionType, [StringLength(2_000)] string? trainer,
        [StringLength(10)] string from, [StringLength(10)] string to, Caller caller, Givers givers, Slots slots, TimeProvider clock, CancellationToken ct)
    {
        if (!SlotQuery.TryReadTrainers(trainer, out var asked)) return SlotQuery.WrongTrainers();
        if (LocalText.Date(from) is not { } first) return Problems.Invalid("from", LocalText.NoDate);
        if (LocalText.Date(to) is not { } last) return Problems.Invalid("to", LocalText.NoDate);
        if (last < first) return Problems.Invalid("to", "is before from");
        if (Period.DaysBetween(first, last) >= MostDays) return Problems.Invalid("to", $"makes more than {MostDays} days");

        var offered = await givers.Offered(caller.Studio, sessionType, ct);
        if (SlotQuery.Refusal(offered) is { } refused) return refused;

        var offering = offered!.Offering;
        var times = await slots.Find(offering, offered.Among(asked), first, last, ct);
        var days = times.Bookable(offering, clock.GetUtcNow()).Select(slot => SlotView.Of(slot, offering.Zone)).ToLookup(slot => slot.Date);
        return TypedResults.Ok(new Response(
            offering.TimeZone,
            [
                .. Enumerable.Range(0, Period.DaysBetween(first, last) + 1)
                    .Select(day => first.PlusDays(day).ToDateOnly())
                    .Select(date => new Day(date, [.. days[date]])),
            ]));
    }
}
