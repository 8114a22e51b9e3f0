using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Sessions;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Accounts;

internal static class VerifyEmail
{
    public sealed record Request([Required, StringLength(Secret.Length)] string Token);

    public static Task<Results<NoContent, ProblemHttpResult>> Handle(
        Request request, Db db, OneTimeTokens tokens, TimeProvider clock, CancellationToken ct) =>
        db.Global().InTransaction<Results<NoContent, ProblemHttpResult>>(async tx =>
        {
            if (await tokens.Owner(tx, request.Token, Purpose.VerifyEmail) is not { } owner) return Invalid();
            await Lock(tx, owner);
            if (await tokens.Use(tx, request.Token, owner, Purpose.VerifyEmail) is not { } registration) return Invalid();

            // Whoever reads the mail has the account, with what was said when this very letter was asked for.
            await tx.Execute(
                """
                UPDATE users
                SET password_hash = COALESCE(NULLIF(@PasswordHash, ''), password_hash),
                    first_name = COALESCE(NULLIF(@FirstName, ''), first_name),
                    last_name = COALESCE(NULLIF(@LastName, ''), last_name),
                    email_verified_at = @Now,
                    updated_at = @Now
                WHERE id = @Owner AND email_verified_at IS NULL
                """, new { owner, registration.PasswordHash, registration.FirstName, registration.LastName, Now = clock.GetUtcNow() });
            return TypedResults.NoContent();
        }, ct);

    /// Unknown, used or too old: told apart, they would say which addresses are known.
    public static ProblemHttpResult Invalid() =>
        Problems.Invalid("token", "is unknown, was used before, or is too old: ask for a new letter", "accounts.token_invalid");

    private static Task Lock(Transaction tx, Guid person) => tx.QueryOne<Guid?>(
        """
        SELECT id
        FROM users
        WHERE id = @Person
        FOR UPDATE
        """, new { person });
}
