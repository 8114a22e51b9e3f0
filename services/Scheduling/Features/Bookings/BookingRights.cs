using FitFlow.Scheduling.Features.People;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Bookings;

/// Who may do what with whose sessions: the studio's owners with all, trainers with their own and their clients', clients with theirs.
internal static class BookingRights
{
    public static bool RunsStudio(this Caller caller) => !caller.IsService && caller.Is(Role.Admin | Role.GymOwner);

    /// Staff is not held to notice, horizon and hours: they know what they do.
    public static bool IsStaffFor(this Caller caller, Guid trainer) => caller.RunsStudio() || (caller.Is(Role.Trainer) && caller.Id == trainer);

    public static bool MayBook(this Caller caller, Guid? trainer, Member client) =>
        caller.Id == client.Id || caller.RunsStudio() || (caller.Is(Role.Trainer) && caller.Id == trainer && client.TrainerIds.Contains(caller.Id));

    public static bool MaySee(this Caller caller, Booking booking) =>
        caller.IsService || caller.Id == booking.ClientId || caller.IsStaffFor(booking.TrainerId);

    public static bool MayChange(this Caller caller, Booking booking) => caller.Id == booking.ClientId || caller.IsStaffFor(booking.TrainerId);

    public static ProblemHttpResult NotYours() => Problems.Forbidden("bookings.not_yours", "You book for yourself, or for those whom you train.");
}
