using System.ComponentModel.DataAnnotations;
using FitFlow.Data;

namespace FitFlow.Scheduling.Features.Policies;

internal enum WaitlistMode
{
    /// The seat is given to whoever is first in the line.
    Auto,

    /// It is kept for them for a while, and theirs when they say so.
    Offer,
}

/// A studio's rules for booking and cancelling, as an owner says them.
internal record PolicyRules : IValidatableObject
{
    private const int Week = 7 * 24 * 60;

    /// How long before a session it can be booked at the latest.
    [Range(0, 4 * Week)]
    public required int NoticeMinutes { get; init; }

    /// How many days ahead.
    [Range(1, 730)]
    public required int HorizonDays { get; init; }

    /// Sessions begin every so many minutes from when the trainer does.
    [AllowedValues(5, 10, 15, 20, 30, 60, ErrorMessage = "is 5, 10, 15, 20, 30 or 60")]
    public required int SlotStepMinutes { get; init; }

    /// Who cancels longer before it owes nothing.
    [Range(0, 4 * Week)]
    public required int FreeCancelMinutes { get; init; }

    /// Closer to it, a client does not cancel by themselves any more.
    [Range(0, 4 * Week)]
    public required int RefuseCancelMinutes { get; init; }

    public required WaitlistMode WaitlistMode { get; init; }

    /// For how long a seat is offered.
    [Range(5, 2 * 24 * 60)]
    public required int OfferMinutes { get; init; }

    /// Closer to the class nobody moves up any more.
    [Range(0, Week)]
    public required int WaitlistCutoffMinutes { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (RefuseCancelMinutes > FreeCancelMinutes) yield return new("is no longer than free_cancel_minutes", [nameof(RefuseCancelMinutes)]);
    }
}

/// The rules as they stand; version 0 when nobody has said any yet.
internal sealed record Policy : PolicyRules
{
    private const string Here =
        """
        SELECT notice_minutes, horizon_days, slot_step_minutes, free_cancel_minutes, refuse_cancel_minutes, waitlist_mode, offer_minutes,
               waitlist_cutoff_minutes, version
        FROM policies
        """;

    public static Policy Usual { get; } = new()
    {
        NoticeMinutes = 60,
        HorizonDays = 90,
        SlotStepMinutes = 15,
        FreeCancelMinutes = 24 * 60,
        RefuseCancelMinutes = 0,
        WaitlistMode = WaitlistMode.Auto,
        OfferMinutes = 60,
        WaitlistCutoffMinutes = 60,
        Version = 0,
    };

    public required int Version { get; init; }

    public static async Task<Policy> Find(DbScope studio, CancellationToken ct) => await studio.QueryOne<Policy>(Here, ct) ?? Usual;

    public static async Task<Policy> Find(Transaction tx) => await tx.QueryOne<Policy>(Here) ?? Usual;
}
