using System.ComponentModel.DataAnnotations;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

/// The first times that are free, from now or some later time on, as far ahead as can be booked.
internal static class ListNextSlots
{
    private const int Usual = 5, Most = 20;

    // Who has time has some within the week; who has none is not asked about day by day.
    private const int FirstDays = 7, MostDays = 56;

    public sealed record Slot(
        DateOnly Date, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string StartsLocal, string UtcOffset, IReadOnlyList<Guid> TrainerIds);

    public sealed record Response(string TimeZone, IReadOnlyList<Slot> Data);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        [FromQuery(Name = "session_type")] Guid sessionType, [StringLength(2_000)] string? trainer, DateTimeOffset? after, [Range(1, Most)] int? limit,
        Caller caller, Givers givers, Slots slots, TimeProvider clock, CancellationToken ct)
    {
        if (!SlotQuery.TryReadTrainers(trainer, out var asked)) return SlotQuery.WrongTrainers();
        var offered = await givers.Offered(caller.Studio, sessionType, ct);
        if (SlotQuery.Refusal(offered) is { } refused) return refused;

        var (offering, now, wanted) = (offered!.Offering, clock.GetUtcNow(), limit ?? Usual);
        var earliest = after > now ? after.Value : now;
        var end = now.AddDays(offering.HorizonDays);
        var found = new List<FreeSlot>(wanted);
        if (earliest <= end)
        {
            var (first, last) = (DateOf(earliest), DateOf(end));
            for (var days = FirstDays; first <= last && found.Count < wanted; days = Math.Min(2 * days, MostDays))
            {
                var times = await slots.Find(offering, offered.Among(asked), first, first.PlusDays(days - 1), ct);
                found.AddRange(times.Bookable(offering, now).Where(slot => slot.StartsAt >= earliest).Take(wanted - found.Count));
                first = first.PlusDays(days);
            }
        }

        return TypedResults.Ok(new Response(offering.TimeZone, [.. found.Select(View)]));

        LocalDate DateOf(DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(offering.Zone).Date;

        Slot View(FreeSlot slot)
        {
            var view = SlotView.Of(slot, offering.Zone);
            return new Slot(view.Date, view.StartsAt, view.EndsAt, view.StartsLocal, view.UtcOffset, view.TrainerIds);
        }
    }
}
