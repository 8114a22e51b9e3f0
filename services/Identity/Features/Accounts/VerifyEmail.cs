using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Sessions;
using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Accounts;

/// The link proves whose mailbox it is, the password which registration is theirs: anybody can ask for an account at anybody's address, and
/// nobody may end up in one whose password somebody else knows.
internal static class VerifyEmail
{
    public sealed record Request(
        [Required, StringLength(Secret.Length)] string Token,
        [Required, StringLength(PasswordRules.MaxLength)] string Password);

    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Request request, Db db, OneTimeTokens tokens, Passwords passwords, TimeProvider clock, CancellationToken ct)
    {
        var waiting = await db.Global().InTransaction(async tx =>
            await tokens.Owner(tx, request.Token, Purpose.VerifyEmail) is { } person ? (person, await tokens.Pending(tx, person)) : default, ct);
        if (waiting is not (var owner, { Count: > 0 } pending)) return Invalid();
        if (pending.FirstOrDefault(asked => passwords.Verify(asked.PasswordHash, request.Password) != PasswordCheck.Wrong) is not { } registration) return WrongPassword();

        return await db.Global().InTransaction<Results<NoContent, ProblemHttpResult>>(async tx =>
        {
            if (!await People.Lock(tx, owner) || !await tokens.Use(tx, request.Token, owner, Purpose.VerifyEmail)) return Invalid();

            await tx.Execute(
                """
                UPDATE users
                SET password_hash = @PasswordHash, first_name = @FirstName, last_name = @LastName, email_verified_at = @Now, updated_at = @Now
                WHERE id = @Owner AND email_verified_at IS NULL
                """, new { owner, registration.PasswordHash, registration.FirstName, registration.LastName, Now = clock.GetUtcNow() });
            return TypedResults.NoContent();
        }, ct);
    }

    /// Unknown, used or too old: told apart, they would say which addresses are known.
    public static ProblemHttpResult Invalid() =>
        Problems.Invalid("token", "is unknown, was used before, or is too old: ask for a new letter", "accounts.token_invalid");

    private static ProblemHttpResult WrongPassword() =>
        Problems.Invalid("password", "is not the one that was chosen when registering. Register again, or choose a new one by letter", "accounts.wrong_password");
}
