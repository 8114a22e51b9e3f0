using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.SessionTypes;

internal enum SessionKind
{
    OneOnOne,

    /// Given as classes.
    Group,
    Consultation,
}

/// What an owner says of something that can be booked.
internal record SessionTypeDetails : IValidatableObject
{
    [Required, StringLength(120), OneLine]
    public required string Name { get; init; }

    [StringLength(2_000)]
    public string? Description { get; init; }

    public required SessionKind Kind { get; init; }

    [Range(5, 12 * 60)]
    public required int Minutes { get; init; }

    /// What the trainer and the room need before it.
    [Range(0, 4 * 60)]
    public int BufferBeforeMinutes { get; init; }

    [Range(0, 4 * 60)]
    public int BufferAfterMinutes { get; init; }

    [Required]
    public required Money Price { get; init; }

    /// Only for clients who are in a program.
    public bool RequiresProgram { get; init; }

    [Range(1, 500)]
    public int Capacity { get; init; } = 1;

    /// One of these is taken for it; none: it needs no room.
    [MaxLength(50)]
    public IReadOnlyList<Guid> RoomIds { get; init; } = [];

    /// Who gives it; none: whoever has hours.
    [MaxLength(200)]
    public IReadOnlyList<Guid> TrainerIds { get; init; } = [];

    /// Null: as the studio's policy says, here and below.
    [Range(0, 4 * 7 * 24 * 60)]
    public int? NoticeMinutes { get; init; }

    [Range(1, 730)]
    public int? HorizonDays { get; init; }

    [Range(0, 4 * 7 * 24 * 60)]
    public int? FreeCancelMinutes { get; init; }

    [Range(0, 4 * 7 * 24 * 60)]
    public int? RefuseCancelMinutes { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kind != SessionKind.Group && Capacity != 1) yield return new("is 1 where one client comes", [nameof(Capacity)]);
        if (RoomIds.Distinct().Count() != RoomIds.Count) yield return new("names a room twice", [nameof(RoomIds)]);
        if (TrainerIds.Distinct().Count() != TrainerIds.Count) yield return new("names a trainer twice", [nameof(TrainerIds)]);
        if (RefuseCancelMinutes > FreeCancelMinutes) yield return new("is no longer than free_cancel_minutes", [nameof(RefuseCancelMinutes)]);
    }

    /// The row's columns, beside its ids.
    public object Columns(Guid studio, Guid id, bool isActive, int version, DateTimeOffset now) => new
    {
        Studio = studio,
        Id = id,
        Name = Name.Trim(),
        Description,
        Kind,
        Minutes,
        BufferBeforeMinutes,
        BufferAfterMinutes,
        PriceAmount = Price.Amount,
        PriceCurrency = Price.Currency,
        RequiresProgram,
        Capacity,
        RoomIds = Sql.Json(RoomIds),
        TrainerIds = Sql.Json(TrainerIds),
        NoticeMinutes,
        HorizonDays,
        FreeCancelMinutes,
        RefuseCancelMinutes,
        IsActive = isActive,
        Version = version,
        Now = now,
    };
}

internal sealed record SessionType : SessionTypeDetails
{
    public required Guid Id { get; init; }

    public required bool IsActive { get; init; }

    public required int Version { get; init; }

    public static async Task<SessionType?> Find(Transaction tx, Guid id) => (await tx.QueryOne<Row>(
        """
        SELECT id, name, description, kind, minutes, buffer_before_minutes, buffer_after_minutes, price_amount, price_currency, requires_program,
               capacity, room_ids, trainer_ids, notice_minutes, horizon_days, free_cancel_minutes, refuse_cancel_minutes, is_active, version
        FROM session_types
        WHERE id = @Id
        """, new { id }))?.Type;

    public static ProblemHttpResult Unknown() => Problems.NotFound("session_types.unknown", "There is no such session type.");

    internal sealed record Row(
        Guid Id, string Name, string? Description, SessionKind Kind, int Minutes, int BufferBeforeMinutes, int BufferAfterMinutes, long PriceAmount,
        string PriceCurrency, bool RequiresProgram, int Capacity, IReadOnlyList<Guid> RoomIds, IReadOnlyList<Guid> TrainerIds, int? NoticeMinutes,
        int? HorizonDays, int? FreeCancelMinutes, int? RefuseCancelMinutes, bool IsActive, int Version)
    {
        public SessionType Type => new()
        {
            Id = Id,
            Name = Name,
            Description = Description,
            Kind = Kind,
            Minutes = Minutes,
            BufferBeforeMinutes = BufferBeforeMinutes,
            BufferAfterMinutes = BufferAfterMinutes,
            Price = new Money(PriceAmount, PriceCurrency),
            RequiresProgram = RequiresProgram,
            Capacity = Capacity,
            RoomIds = RoomIds,
            TrainerIds = TrainerIds,
            NoticeMinutes = NoticeMinutes,
            HorizonDays = HorizonDays,
            FreeCancelMinutes = FreeCancelMinutes,
            RefuseCancelMinutes = RefuseCancelMinutes,
            IsActive = IsActive,
            Version = Version,
        };
    }
}
