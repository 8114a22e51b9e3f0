using System.ComponentModel.DataAnnotations;

namespace FitFlow.Scheduling.Features.Availability;

/// A weekly rule as it is said over HTTP: times by the studio's clock, dates of the days on which it begins.
internal sealed record RuleText(
    DayOfWeek Day,
    [Required, RegularExpression(LocalText.Time, ErrorMessage = LocalText.NoTime)] string Starts,
    [Required, RegularExpression(LocalText.Time, ErrorMessage = LocalText.NoTime)] string Ends,
    DateOnly? ValidFrom = null,
    DateOnly? ValidUntil = null) : IValidatableObject
{
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ValidUntil < ValidFrom) yield return new("is before valid_from", [nameof(ValidUntil)]);
        if (ValidFrom?.Year < 1000) yield return new("is no date to begin with", [nameof(ValidFrom)]);
        if (ValidUntil?.Year < 1000) yield return new("is no date to end with", [nameof(ValidUntil)]);
    }

    public static RuleText Of(WeeklyRule rule) => new(rule.Day, rule.Starts.ToString("HH:mm"), rule.Ends.ToString("HH:mm"), rule.ValidFrom, rule.ValidUntil);

    public WeeklyRule Read() => new(Day, TimeOnly.ParseExact(Starts, "HH:mm"), TimeOnly.ParseExact(Ends, "HH:mm"), ValidFrom, ValidUntil);
}
