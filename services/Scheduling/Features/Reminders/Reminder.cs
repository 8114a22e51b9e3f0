using FitFlow.Contracts.Scheduling;
using FitFlow.Scheduling.Features.Bookings;
using NodaTime;
using Event = FitFlow.Contracts.Event;

namespace FitFlow.Scheduling.Features.Reminders;

/// A row of the table: to be told so many hours before what it is about, which has to begin just then.
internal sealed record Reminder(DateTimeOffset DueAt, Guid SubjectId, Guid PersonId, int Hours, Guid TenantId, ReminderKind Kind)
{
    public DateTimeOffset StartsAt => DueAt.AddHours(Hours);

    /// Whether it is worth telling no more: the session has begun, or the reminder that is nearer to it is due as well.
    public bool IsTooLate(DateTimeOffset now) => now >= StartsAt.AddHours(-ReminderRows.Hours.Where(hours => hours < Hours).DefaultIfEmpty(0).Max());
}

/// A session that takes place, of a person who comes to it.
internal sealed record Upcoming(ReminderKind Kind, Guid Id, Guid PersonId, Guid TrainerId, DateTimeOffset StartsAt, string TimeZone)
{
    public Event Remind(Guid studio, int hours)
    {
        var local = PlannedSession.LocalOf(DateTimeZoneProviders.Tzdb[TimeZone], StartsAt);
        var (date, time) = (local.Date.ToDateOnly(), local.TimeOfDay.ToTimeOnly());
        return Kind == ReminderKind.Booking
            ? new BookingReminder(Id, PersonId, TrainerId, studio, date, time, hours, StartsAt)
            : new ClassReminder(Id, PersonId, TrainerId, studio, date, time, hours, StartsAt);
    }
}
