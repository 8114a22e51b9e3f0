using FitFlow.Data;
using FitFlow.Identity.Features.Accounts;
using FitFlow.Identity.Features.Sessions;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Erasure;

/// For what a stolen access token must not be enough. Who guesses here is slowed down as at the door.
internal sealed class PasswordProof(Db db, Passwords passwords, Attempts attempts, BrowserSessions browsers)
{
    private sealed record Account(string Email, string? PasswordHash);

    /// Null when it is the caller's password.
    public async Task<ProblemHttpResult?> Refuse(Caller caller, string password, HttpContext http, CancellationToken ct)
    {
        if (await Find(caller.Id, ct) is not { } account) return Problems.NotFound("users.unknown");

        var device = browsers.DeviceIn(http);
        var attempt = await attempts.Begin(account.Email, Device.Of(http), device, ct);
        if (attempt.Wait is { } wait) return Attempts.Refuse(http, wait);
        if (passwords.Verify(account.PasswordHash, password) == PasswordCheck.Wrong)
        {
            await attempts.Failed(attempt, ct);
            return Problems.Forbidden("accounts.wrong_password", "The password is not right.");
        }

        await db.Global().InTransaction(tx => attempts.Succeeded(tx, attempt, caller.Id, device), ct);
        return null;
    }

    private Task<Account?> Find(Guid id, CancellationToken ct) => db.Global().QueryOne<Account>(
        """
        SELECT email, password_hash
        FROM users
        WHERE id = @Id AND erased_at IS NULL
        """, new { id }, ct);
}
