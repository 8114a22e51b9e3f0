using FitFlow.Data;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Classes;

namespace FitFlow.Scheduling.Features.Enrolments;

/// What happens to everybody in a class and its line at once. Whoever calls holds the class's row.
internal static class AllPlaces
{
    /// The whole class goes, and says so itself.
    public static async Task End(Transaction tx, Guid @class, Guid by, CancelReason reason, DateTimeOffset now)
    {
        await tx.Execute(
            """
            UPDATE enrolments
            SET status = 'cancelled', offered_until = NULL, ended_by = @By, ended_at = @Now, cancel_reason = @Reason, cancel_outcome = 'free', updated_at = @Now
            WHERE class_id = @Class AND is_standing = 1
            """, new { @class, by, reason, now });
        await tx.Execute("DELETE FROM lines_due WHERE class_id = @Class", new { @class });
    }

    /// The class is at another time: whoever was moved may leave for free until it begins, and no offer lasts beyond the new cut-off.
    public static Task Move(Transaction tx, Class from, DateTimeOffset startsAt, DateTimeOffset now) => tx.Execute(
        """
        UPDATE enrolments
        SET starts_at = @StartsAt, cancel_free_until = @StartsAt, cancel_until = @StartsAt, offered_until = LEAST(offered_until, @Cutoff), updated_at = @Now
        WHERE class_id = @Id AND is_standing = 1
        """, new { from.Id, startsAt, Cutoff = startsAt.AddMinutes(-from.WaitlistCutoffMinutes), now });
}
