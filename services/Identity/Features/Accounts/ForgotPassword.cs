using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Accounts;

internal static class ForgotPassword
{
    public sealed record Request([Required, Email] string Email);

    public sealed record Response;

    private sealed record Account(Guid Id, string Language);

    /// The same for everybody; a letter only for who has an account.
    public static async Task<Accepted<Response>> Handle(
        Request request, Db db, OneTimeTokens tokens, LetterLimit limit, Letters.Letters letters, AccountLetters texts, CancellationToken ct)
    {
        var email = Sql.Email(request.Email);
        await db.Global().InTransaction(async tx =>
        {
            var account = await tx.QueryOne<Account>(
                """
                SELECT id, language
                FROM users
                WHERE email = @Email AND deactivated_at IS NULL AND erased_at IS NULL
                """, new { email });
            var goesOut = await limit.Take(tx, LetterKind.Reset, email) && account is not null;
            var token = await tokens.Make(tx, goesOut ? account!.Id : OneTimeTokens.Nobody, Purpose.ResetPassword);
            await letters.Post(tx, texts.Reset(email, account?.Language ?? "en", token), goesOut);
        }, ct);
        return TypedResults.Accepted((string?)null, new Response());
    }
}
