using FitFlow.Data;
using FitFlow.Identity.Features.Sessions;

namespace FitFlow.Identity.Features.Accounts;

internal enum Purpose
{
    VerifyEmail,
    ResetPassword,
}

/// The account as it was asked for, until the link in its letter is followed.
internal sealed record Registration(string PasswordHash, string FirstName, string LastName);

/// Secrets that go out in letters and come back once.
internal sealed class OneTimeTokens(TimeProvider clock)
{
    /// Whose the tokens are that nobody is sent, made so that an answer takes as long as it would with an account.
    public static readonly Guid Nobody = Guid.Empty;

    /// More than letters go out within an hour: nobody pushes another's registration out of sight.
    private const int MostPending = 8;

    public static TimeSpan GoodFor(Purpose purpose) => purpose == Purpose.VerifyEmail ? TimeSpan.FromHours(48) : TimeSpan.FromHours(1);

    public async Task<string> Make(Transaction tx, Guid user, Purpose purpose, Registration? registration = null, TimeSpan? goodFor = null)
    {
        var token = Secret.New();
        var now = clock.GetUtcNow();
        await tx.Execute(
            """
            INSERT INTO one_time_tokens (hash, user_id, purpose, password_hash, first_name, last_name, created_at, expires_at)
            VALUES (@Hash, @User, @Purpose, @PasswordHash, @FirstName, @LastName, @Now, @ExpiresAt)
            """,
            new
            {
                Hash = Secret.Hash(token),
                user,
                purpose,
                registration?.PasswordHash,
                registration?.FirstName,
                registration?.LastName,
                now,
                ExpiresAt = now + (goodFor ?? GoodFor(purpose)),
            });
        return token;
    }

    /// Whose it is, if it still counts: to lock the person before the token.
    public Task<Guid?> Owner(Transaction tx, string token, Purpose purpose) => tx.QueryOne<Guid?>(
        """
        SELECT user_id
        FROM one_time_tokens
        WHERE hash = @Hash AND purpose = @Purpose AND expires_at > @Now
        """, new { Hash = Secret.Hash(token), purpose, Now = clock.GetUtcNow() });

    /// Uses it up, and with it all others of the person for the same purpose. False when somebody was faster.
    public async Task<bool> Use(Transaction tx, string token, Guid user, Purpose purpose)
    {
        var found = await tx.QueryOne<Guid?>(
            """
            SELECT user_id
            FROM one_time_tokens
            WHERE hash = @Hash
            FOR UPDATE
            """, new { Hash = Secret.Hash(token) });
        if (found is null) return false;
        await Drop(tx, user, purpose);
        return true;
    }

    public Task Drop(Transaction tx, Guid user, Purpose purpose) => tx.Execute(
        """
        DELETE FROM one_time_tokens
        WHERE user_id = @User AND purpose = @Purpose
        """, new { user, purpose });

    /// As what the account was asked for, by whoever; the newest first.
    public Task<IReadOnlyList<Registration>> Pending(Transaction tx, Guid user) => tx.Query<Registration>(
        """
        SELECT password_hash, first_name, last_name
        FROM one_time_tokens
        WHERE user_id = @User AND purpose = 'verify_email' AND password_hash IS NOT NULL
        ORDER BY created_at DESC
        LIMIT @MostPending
        """, new { user, MostPending });
}
