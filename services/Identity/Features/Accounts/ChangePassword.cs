using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Sessions;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Accounts;

internal static class ChangePassword
{
    public sealed record Request(
        [Required, StringLength(PasswordRules.MaxLength)] string CurrentPassword,
        [Required, PasswordRules.Password] string Password);

    private sealed record Account(string Email, string Language, string? PasswordHash);

    /// Somebody with a stolen access token guesses as slowly as at the door.
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Request request, Caller caller, HttpContext http, Db db, Passwords passwords, OneTimeTokens tokens, Attempts attempts, BrowserSessions browsers, SessionRows sessions, Letters.Letters letters, AccountLetters texts, TimeProvider clock, CancellationToken ct)
    {
        if (await Find(db, caller.Id, ct) is not { } account) return Problems.NotFound("users.unknown");
        if (PasswordRules.Refuse(request.Password, account.Email) is { } weak) return weak;

        var device = browsers.DeviceIn(http);
        var attempt = await attempts.Begin(account.Email, Device.Of(http), device, ct);
        if (attempt.Wait is { } wait) return Attempts.Refuse(http, wait);
        if (passwords.Verify(account.PasswordHash, request.CurrentPassword) == PasswordCheck.Wrong)
        {
            await attempts.Failed(attempt, ct);
            return Wrong();
        }

        var passwordHash = passwords.Hash(request.Password);
        return await db.Global().InTransaction<Results<NoContent, ProblemHttpResult>>(async tx =>
        {
            var changed = await tx.Execute(
                """
                UPDATE users
                SET password_hash = @PasswordHash, password_changed_at = @Now, updated_at = @Now
                WHERE id = @Id AND password_hash = @Old AND deactivated_at IS NULL AND erased_at IS NULL
                """, new { caller.Id, passwordHash, Old = account.PasswordHash, Now = clock.GetUtcNow() });
            if (changed == 0) return Wrong();
            await sessions.EndAll(tx, caller.Id, except: caller.SessionId);
            await tokens.Drop(tx, caller.Id, Purpose.ResetPassword);
            await attempts.Succeeded(tx, attempt, caller.Id, device);
            await letters.Post(tx, texts.Changed(account.Email, account.Language));
            return TypedResults.NoContent();
        }, ct);
    }

    private static ProblemHttpResult Wrong() => Problems.Forbidden("accounts.wrong_password", "The current password is not right.");

    private static Task<Account?> Find(Db db, Guid id, CancellationToken ct) => db.Global().QueryOne<Account>(
        """
        SELECT email, language, password_hash
        FROM users
        WHERE id = @Id
        """, new { id }, ct);
}
