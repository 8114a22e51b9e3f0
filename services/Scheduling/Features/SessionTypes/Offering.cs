using System.Text.Json.Serialization;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Policies;
using FitFlow.Scheduling.Features.Rooms;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace FitFlow.Scheduling.Features.SessionTypes;

/// What a studio offers and by which rules: a session type, where it says nothing the studio's policy, and the studio's clock.
internal sealed record Offering(
    Guid Studio, Guid Id, string Name, SessionKind Kind, int Minutes, int BufferBeforeMinutes, int BufferAfterMinutes, long PriceAmount, string PriceCurrency,
    bool RequiresProgram, int Capacity, IReadOnlyList<Guid> RoomIds, IReadOnlyList<Guid> TrainerIds, int NoticeMinutes, int HorizonDays, int SlotStepMinutes,
    int FreeCancelMinutes, int RefuseCancelMinutes, bool IsActive, string TimeZone, bool IsStudioActive)
{
    [JsonIgnore]
    public DateTimeZone Zone => DateTimeZoneProviders.Tzdb[TimeZone];

    public TimeSpan Length => TimeSpan.FromMinutes(Minutes);

    public TimeSpan BufferBefore => TimeSpan.FromMinutes(BufferBeforeMinutes);

    public TimeSpan BufferAfter => TimeSpan.FromMinutes(BufferAfterMinutes);

    /// It is held in rooms, and none of them is in use: without them it would be held nowhere, not anywhere.
    public bool LacksRoom { get; init; }

    /// The same with the length and price that were agreed on.
    public Offering LastingAs(Bookings.Booking booking) => this with { Minutes = (int)(booking.EndsAt - booking.StartsAt).TotalMinutes };

    /// Whether it is said to be given by others only.
    public bool IsGivenBy(Guid trainer) => TrainerIds.Count == 0 || TrainerIds.Contains(trainer);

    /// The offering as it stands, active or not; null when there is no such session type.
    public static async Task<Offering?> Find(DbScope studio, Guid id, CancellationToken ct)
    {
        var usual = Policy.Usual;
        var found = await studio.QueryOne<Offering>(
            """
            SELECT s.tenant_id AS studio, t.id, t.name, t.kind, t.minutes, t.buffer_before_minutes, t.buffer_after_minutes, t.price_amount, t.price_currency,
                   t.requires_program, t.capacity, t.room_ids, t.trainer_ids,
                   COALESCE(t.notice_minutes, p.notice_minutes, @NoticeMinutes) AS notice_minutes,
                   COALESCE(t.horizon_days, p.horizon_days, @HorizonDays) AS horizon_days,
                   COALESCE(p.slot_step_minutes, @SlotStepMinutes) AS slot_step_minutes,
                   COALESCE(t.free_cancel_minutes, p.free_cancel_minutes, @FreeCancelMinutes) AS free_cancel_minutes,
                   COALESCE(t.refuse_cancel_minutes, p.refuse_cancel_minutes, @RefuseCancelMinutes) AS refuse_cancel_minutes,
                   t.is_active, s.time_zone, s.is_active AS is_studio_active
            FROM session_types t
            JOIN studios s
            LEFT JOIN policies p ON TRUE
            WHERE t.id = @Id
            """, new { id, usual.NoticeMinutes, usual.HorizonDays, usual.SlotStepMinutes, usual.FreeCancelMinutes, usual.RefuseCancelMinutes }, ct);
        if (found is null) return null;
        var rooms = await Room.Active(studio, found.RoomIds, ct);
        return found with { RoomIds = rooms, LacksRoom = rooms.Count == 0 && found.RoomIds.Count > 0 };
    }

    /// Why nothing can be booked of it now, or null.
    public ProblemHttpResult? Closed() => this switch
    {
        { IsStudioActive: false } => Problems.Conflict("studios.inactive", "This studio is closed: nothing is booked here now."),
        { IsActive: false } => Problems.Conflict("session_types.inactive", "This is not offered any more."),
        { LacksRoom: true } => Problems.Conflict("session_types.no_room", "None of the rooms for this is in use now."),
        _ => null,
    };
}
