using FitFlow.Data;
using FitFlow.Scheduling.Features.Reminders;

namespace FitFlow.Scheduling.Features.Bookings;

/// How a session that was to take place ended.
internal static class Ending
{
    public static async Task Write(Transaction tx, Booking booking, BookingStatus status, Guid by, string? trainerNotes, DateTimeOffset now)
    {
        await tx.Execute(
            """
            UPDATE bookings
            SET status = @Status, ended_by = @By, ended_at = @Now, trainer_notes = @TrainerNotes, version = version + 1, updated_at = @Now
            WHERE id = @Id
            """, new { booking.Id, status, by, trainerNotes, now });
        await ReminderRows.Forget(tx, booking.Id);
    }
}
