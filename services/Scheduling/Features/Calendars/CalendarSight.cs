using FitFlow.Scheduling.Features.Bookings;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Features.Calendars;

/// Whose calendar it is, and how much of it the caller may see: the studio's owners all; trainers their own, that of a client whom they train, and when a
/// room is taken; clients their own.
internal sealed record CalendarSight(Guid? Client, Guid? Trainer, Guid? Room, bool OthersAreMasked = false)
{
    /// The calendar that is asked for, or one's own when none is named; null: it is none of the caller's business.
    public static async Task<CalendarSight?> Of(CalendarSight asked, Caller caller, People.People people, CancellationToken ct)
    {
        if (caller.RunsStudio() || asked.Client == caller.Id) return asked;
        if (!caller.Is(Role.Trainer)) return asked is { Client: null, Trainer: null, Room: null } ? asked with { Client = caller.Id } : null;

        return asked switch
        {
            { Client: { } client } => await IsTrainedBy(caller, client, people, ct) ? asked : null,
            { Trainer: { } trainer } => trainer == caller.Id ? asked : null,
            { Room: not null } => asked with { OthersAreMasked = true },
            _ => asked with { Trainer = caller.Id },
        };
    }

    private static async Task<bool> IsTrainedBy(Caller caller, Guid client, People.People people, CancellationToken ct) =>
        (await people.Find(caller.Studio, [client], ct)).TryGetValue(client, out var member) && member.TrainerIds.Contains(caller.Id);

    public CalendarRow Seen(CalendarRow row, Guid by) => OthersAreMasked && row.TrainerId != by ? row.Masked() : row;
}
