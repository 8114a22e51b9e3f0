using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Sessions;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Accounts;

internal static class ResetPassword
{
    public sealed record Request(
        [Required, StringLength(Secret.Length)] string Token,
        [Required, PasswordRules.Password] string Password);

    private sealed record Account(string Email, string Language);

    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Request request, HttpContext http, Db db, Passwords passwords, OneTimeTokens tokens, SessionRows sessions, Letters.Letters letters, AccountLetters texts, TimeProvider clock, CancellationToken ct)
    {
        var passwordHash = passwords.Hash(request.Password);
        return await db.Global().InTransaction<Results<NoContent, ProblemHttpResult>>(async tx =>
        {
            if (await tokens.Owner(tx, request.Token, Purpose.ResetPassword) is not { } owner || await Lock(tx, owner) is not { } account) return VerifyEmail.Invalid();
            if (PasswordRules.Refuse(request.Password, account.Email) is { } weak) return weak;
            if (!await tokens.Use(tx, request.Token, owner, Purpose.ResetPassword)) return VerifyEmail.Invalid();

            // The letter arrived: so the address is theirs too.
            await tx.Execute(
                """
                UPDATE users
                SET password_hash = @PasswordHash, password_changed_at = @Now, email_verified_at = COALESCE(email_verified_at, @Now), updated_at = @Now
                WHERE id = @Owner
                """, new { owner, passwordHash, Now = clock.GetUtcNow() });
            // Whoever had the account before may have added keys of their own.
            await tx.Execute("DELETE FROM passkeys WHERE user_id = @Owner", new { owner });
            await sessions.EndAll(tx, owner);
            await Attempts.Forgive(tx, account.Email, Device.Of(http));
            await letters.Post(tx, texts.Changed(account.Email, account.Language));
            return TypedResults.NoContent();
        }, ct);
    }

    private static Task<Account?> Lock(Transaction tx, Guid person) => tx.QueryOne<Account>(
        """
        SELECT email, language
        FROM users
        WHERE id = @Person AND deactivated_at IS NULL AND erased_at IS NULL
        FOR UPDATE
        """, new { person });
}
