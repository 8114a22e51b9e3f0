using FitFlow.Data;

namespace FitFlow.Identity.Features.Users;

internal static class People
{
    /// The row of the account stands for all that is the person's: writes to it wait for each other here. False for whoever is not, or no more.
    public static async Task<bool> Lock(Transaction tx, Guid person) => await tx.QueryOne<Guid?>(
        """
        SELECT id
        FROM users
        WHERE id = @Person AND erased_at IS NULL
        FOR UPDATE
        """, new { person }) is not null;
}
