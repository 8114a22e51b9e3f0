using FitFlow.Scheduling.Features.People;
using FitFlow.Scheduling.Features.SessionTypes;

namespace FitFlow.Scheduling.Features.Bookings;

/// A booking as it is shown. A name is null while Identity cannot be asked.
internal sealed record BookingView(
    Guid Id, Guid StudioId, Guid ClientId, string? ClientName, Guid TrainerId, string? TrainerName, Guid SessionTypeId, Guid? RoomId, Guid? SeriesId,
    SessionKind Type, DateTimeOffset StartsAt, DateTimeOffset EndsAt, BookingStatus Status, PaymentStatus PaymentStatus, Money Price,
    DateTimeOffset CancelFreeUntil, DateTimeOffset CancelUntil, Guid BookedBy, DateTimeOffset BookedAt, Cancellation? Cancellation, string? TrainerNotes,
    int Version)
{
    public static BookingView Of(Booking booking, IReadOnlyDictionary<Guid, string?>? names = null) => new(
        booking.Id, booking.StudioId, booking.ClientId, names?.GetValueOrDefault(booking.ClientId), booking.TrainerId,
        names?.GetValueOrDefault(booking.TrainerId), booking.SessionTypeId, booking.RoomId, booking.SeriesId, booking.Type, booking.StartsAt, booking.EndsAt,
        booking.Status, booking.PaymentStatus, new Money(booking.PriceAmount, booking.PriceCurrency), booking.CancelFreeUntil, booking.CancelUntil,
        booking.BookedBy, booking.BookedAt, Cancellation.Of(booking), booking.TrainerNotes, booking.Version);

    public static async Task<IReadOnlyList<BookingView>> Of(Guid studio, IReadOnlyList<Booking> bookings, People.People people, CancellationToken ct)
    {
        var names = await people.Names(studio, [.. bookings.SelectMany(booking => new[] { booking.ClientId, booking.TrainerId }).Distinct()], ct);
        return [.. bookings.Select(booking => Of(booking, names))];
    }
}

internal sealed record Cancellation(Guid By, DateTimeOffset At, CancelReason Reason, string? Note, CancelOutcome Outcome)
{
    public static Cancellation? Of(Booking booking) => booking is { Status: BookingStatus.Cancelled, EndedBy: { } by, EndedAt: { } at }
        ? new(by, at, booking.CancelReason ?? CancelReason.Other, booking.CancelNote, booking.CancelOutcome ?? CancelOutcome.Free)
        : null;
}
