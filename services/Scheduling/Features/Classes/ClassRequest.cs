using System.ComponentModel.DataAnnotations;
using FitFlow.Scheduling.Features.Policies;
using FitFlow.Scheduling.Features.Recurring;
using FitFlow.Scheduling.Features.SessionTypes;

namespace FitFlow.Scheduling.Features.Classes;

/// A class, once or again and again. Without a room: the first of the session type's that is free. What is not said of the waiting line is as the
/// studio's policy says. The hours of the trainer are no bound when outside_hours says so.
internal sealed record ClassRequest(
    Guid SessionTypeId, Guid TrainerId, DateTimeOffset? StartsAt = null, Recurrence? Recurrence = null, Guid? RoomId = null,
    [Range(1, 500)] int? Capacity = null, WaitlistMode? WaitlistMode = null, [Range(5, 2 * 24 * 60)] int? OfferMinutes = null,
    [Range(0, 7 * 24 * 60)] int? WaitlistCutoffMinutes = null, bool OutsideHours = false) : IValidatableObject
{
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (StartsAt is null == Recurrence is null) yield return new("is given, or a recurrence, and not both", [nameof(StartsAt)]);
    }

    public IReadOnlyList<PlannedClass> Classes(Offering offering)
    {
        IReadOnlyList<DateTimeOffset> times = StartsAt is { } once ? [once.ToUniversalTime()] : Recurrence!.In(offering.Zone);
        return [.. times.Select(at => new PlannedClass(offering, TrainerId, RoomId, at, offering.Length))];
    }
}
