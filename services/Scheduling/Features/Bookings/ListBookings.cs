using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace FitFlow.Scheduling.Features.Bookings;

/// A studio's sessions in the order of time: from now on, unless another time is named. Clients see theirs; trainers those they give, and all of a
/// client whom they train.
internal static class ListBookings
{
    private const string Page =
        """

          AND starts_at >= @From AND starts_at < @To
          AND (starts_at > @From OR @After IS NULL OR id > @After)
          AND (@Status IS NULL OR status = @Status)
          AND (@Trainer IS NULL OR trainer_id = @Trainer)
          AND (@Room IS NULL OR room_id = @Room)
        ORDER BY starts_at, id
        LIMIT @Rows
        """;

    private const string OfClient = Booking.Select + "WHERE owner_id = @Client" + Page;

    private const string OfTrainer = Booking.Select + "WHERE trainer_id = @Trainer" + Page;

    private const string OfStudio = Booking.Select + "WHERE TRUE" + Page;

    public sealed record Filter(
        [FromQuery(Name = "client_id")] Guid? ClientId, [FromQuery(Name = "trainer_id")] Guid? TrainerId, [FromQuery(Name = "room_id")] Guid? RoomId,
        [StringLength(16)] string? Status, DateTimeOffset? From, DateTimeOffset? To, [RegularExpression("today")] string? Date,
        [StringLength(200)] string? Cursor, [Range(1, Paging.MaxSize)] int? Limit);

    public static async Task<Results<Ok<Page<BookingView>>, ProblemHttpResult>> Handle(
        [AsParameters] Filter filter, Caller caller, Db db, People.People people, TimeProvider clock, CancellationToken ct)
    {
        if (filter.Status is not null && Words.Named<BookingStatus>(filter.Status) is null)
            return Problems.Invalid("status", "is confirmed, completed, cancelled or no_show");
        var (client, trainer) = (filter.ClientId, filter.TrainerId);
        if (await Sight(caller, client, people, ct) is not { } all) return BookingRights.NotYours();
        if (!all && client is null && trainer is null)
        {
            if (caller.Is(Role.Trainer)) trainer = caller.Id;
            else client = caller.Id;
        }

        if (!all && client is null && trainer != caller.Id) return BookingRights.NotYours();
        if (Paging.Read(filter.Cursor, filter.Limit, "bookings", caller.Studio, filter with { Cursor = null, Limit = null }) is not { } page)
            return Paging.WrongCursor();

        var studio = db.ForTenant(caller.Studio);
        var (from, to) = filter.Date is null
            ? (filter.From ?? clock.GetUtcNow(), filter.To ?? DateTimeOffset.MaxValue.AddYears(-1))
            : Today((await Studio.Find(studio, ct))?.Zone ?? DateTimeZone.Utc, clock.GetUtcNow());
        if (page.After is { } after) from = await studio.QueryOne<DateTimeOffset?>("SELECT starts_at FROM bookings WHERE id = @After", new { after }, ct) ?? from;

        var rows = await studio.Query<Booking>(
            client is not null ? OfClient : trainer is not null ? OfTrainer : OfStudio,
            new { Client = client, Trainer = trainer, Room = filter.RoomId, filter.Status, From = from, To = to, page.After, page.Rows }, ct);
        var bookings = page.Of(rows, booking => booking.Id);
        return TypedResults.Ok(new Page<BookingView>(await BookingView.Of(caller.Studio, bookings.Data, people, ct), bookings.NextCursor));
    }

    /// Whether all is seen that fits the question, or only one's own; null: this client is none of the caller's business.
    private static async Task<bool?> Sight(Caller caller, Guid? client, People.People people, CancellationToken ct)
    {
        if (caller.RunsStudio() || client == caller.Id) return true;
        if (client is not { } named) return false;
        if (!caller.Is(Role.Trainer)) return null;
        return (await people.Find(caller.Studio, [named], ct)).TryGetValue(named, out var member) && member.TrainerIds.Contains(caller.Id) ? true : null;
    }

    private static (DateTimeOffset From, DateTimeOffset To) Today(DateTimeZone zone, DateTimeOffset now)
    {
        var date = Instant.FromDateTimeOffset(now).InZone(zone).Date;
        return (zone.AtStartOfDay(date).ToDateTimeOffset(), zone.AtStartOfDay(date.PlusDays(1)).ToDateTimeOffset());
    }
}
