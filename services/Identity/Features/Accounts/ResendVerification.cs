using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Accounts;

internal static class ResendVerification
{
    public sealed record Request([Required, Email] string Email);

    public sealed record Response;

    private sealed record Unverified(Guid Id, string Language);

    /// The same for everybody; a letter only for who waits for one.
    public static async Task<Accepted<Response>> Handle(
        Request request, Db db, OneTimeTokens tokens, LetterLimit limit, Letters.Letters letters, AccountLetters texts, CancellationToken ct)
    {
        var email = Sql.Email(request.Email);
        await db.Global().InTransaction(async tx =>
        {
            var person = await tx.QueryOne<Unverified>(
                """
                SELECT id, language
                FROM users
                WHERE email = @Email AND email_verified_at IS NULL AND deactivated_at IS NULL AND erased_at IS NULL
                """, new { email });
            var goesOut = await limit.Take(tx, LetterKind.Verify, email) && person is not null;
            var registration = await tokens.Pending(tx, person?.Id ?? OneTimeTokens.Nobody);
            var token = await tokens.Make(tx, goesOut ? person!.Id : OneTimeTokens.Nobody, Purpose.VerifyEmail, goesOut ? registration.FirstOrDefault() : null);
            await letters.Post(tx, texts.Verify(email, person?.Language ?? "en", token), goesOut);
        }, ct);
        return TypedResults.Accepted((string?)null, new Response());
    }
}
