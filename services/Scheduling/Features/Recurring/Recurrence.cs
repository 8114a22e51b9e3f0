using System.ComponentModel.DataAnnotations;
using System.Globalization;
using NodaTime;
using NodaTime.Extensions;
using NodaTime.TimeZones;

namespace FitFlow.Scheduling.Features.Recurring;

/// The same hour on the same days, every so many weeks: by the studio's clock, so that ten o'clock stays ten o'clock when the clocks change.
internal sealed record Recurrence : IValidatableObject
{
    public const int Most = 104;

    /// An hour that a day leaves out begins when the clocks have gone forward; one that it has twice is the first.
    private static readonly ZoneLocalMappingResolver Resolver = Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    public required DateOnly StartsOn { get; init; }

    [Required, RegularExpression("([01][0-9]|2[0-3]):[0-5][0-9]", ErrorMessage = "is a time from 00:00 to 23:59")]
    public required string Starts { get; init; }

    [Range(1, 12)]
    public int EveryWeeks { get; init; } = 1;

    /// None: the day that it starts on.
    [MaxLength(7)]
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];

    [Range(1, Most)]
    public required int Occurrences { get; init; }

    public LocalTime Time() => LocalTime.FromTimeOnly(TimeOnly.ParseExact(Starts, "HH:mm", CultureInfo.InvariantCulture));

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Days.Distinct().Count() != Days.Count) yield return new("names a day twice", [nameof(Days)]);
        if (StartsOn.Year is < 2000 or > 2200) yield return new("is no time to meet", [nameof(StartsOn)]);
    }

    /// When it takes place, in order.
    public IReadOnlyList<DateTimeOffset> In(DateTimeZone zone) => [.. Dates().Take(Occurrences).Select(date => At(date, Time(), zone))];

    public static DateTimeOffset At(LocalDate date, LocalTime time, DateTimeZone zone) => zone.ResolveLocal(date + time, Resolver).ToDateTimeOffset().ToUniversalTime();

    private IEnumerable<LocalDate> Dates()
    {
        var first = StartsOn.ToLocalDate();
        var days = Days.Count == 0 ? [first.DayOfWeek] : Days.Select(day => day.ToIsoDayOfWeek()).Order().ToList();
        var monday = first.PlusDays(1 - (int)first.DayOfWeek);
        for (var week = monday; ; week = week.PlusWeeks(EveryWeeks))
        {
            foreach (var date in days.Select(day => week.PlusDays((int)day - 1)).Where(date => date >= first)) yield return date;
        }
    }
}
