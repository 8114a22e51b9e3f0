using FitFlow.Data;

namespace FitFlow.Identity.Features.Users;

/// Somebody has to be left who can make admins.
internal static class LastAdmin
{
    /// Takes hold of every admin, in the same order as everybody who asks: two admins who dismiss each other are dealt with one after the other.
    public static async Task<bool> Is(Transaction tx, Guid person) =>
        await tx.Query<Guid>(
            """
            SELECT id
            FROM users FORCE INDEX (users_by_role)
            WHERE role = 'admin' AND is_active = 1 AND email_verified_at IS NOT NULL
            ORDER BY id
            FOR UPDATE
            """) is [var only] && only == person;
}
