using System.ComponentModel.DataAnnotations;
using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Accounts;

internal static class Register
{
    public sealed record Request(
        [Required, Email] string Email,
        [Required, PasswordRules.Password] string Password,
        [Required, StringLength(100, MinimumLength = 1)] string FirstName,
        [Required, StringLength(100, MinimumLength = 1)] string LastName,
        [AllowedValues(null, "en", "fr")] string? Language = null);

    /// The same for an address that is taken: only its owner reads the letter that says so.
    public sealed record Response;

    private sealed record Existing(Guid Id, string Language, DateTimeOffset? EmailVerifiedAt);

    public static async Task<Results<Accepted<Response>, ProblemHttpResult>> Handle(
        Request request, Db db, Passwords passwords, OneTimeTokens tokens, LetterLimit limit, Letters.Letters letters, AccountLetters texts, TimeProvider clock, CancellationToken ct)
    {
        var email = Sql.Email(request.Email);
        if (PasswordRules.Refuse(request.Password, email) is { } weak) return weak;

        // Whether it is needed or not: the time tells nothing.
        var registration = new Registration(passwords.Hash(request.Password), request.FirstName.Trim(), request.LastName.Trim());
        var language = request.Language ?? "en";
        await db.Global().InTransaction(async tx =>
        {
            var existing = await Find(tx, email) ?? await Add(tx, email, registration, language, clock) ?? (await Find(tx, email))!;
            var isNew = existing.EmailVerifiedAt is null;
            var mayWrite = await limit.Take(tx, LetterKind.Verify, email);
            var token = await tokens.Make(tx, isNew && mayWrite ? existing.Id : OneTimeTokens.Nobody, Purpose.VerifyEmail, registration);
            var letter = isNew ? texts.Verify(email, language, token) : texts.AlreadyThere(email, existing.Language);
            await letters.Post(tx, letter, goesOut: mayWrite);
        }, ct);
        return TypedResults.Accepted((string?)null, new Response());
    }

    private static Task<Existing?> Find(Transaction tx, string email) => tx.QueryOne<Existing>(
        """
        SELECT id, language, email_verified_at
        FROM users
        WHERE email = @Email
        """, new { email });

    /// Null when somebody else has just taken the address.
    private static async Task<Existing?> Add(Transaction tx, string email, Registration registration, string language, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        try
        {
            await tx.Execute(
                """
                INSERT INTO users (id, email, password_hash, role, first_name, last_name, language, created_at, password_changed_at)
                VALUES (@Id, @Email, @PasswordHash, @Role, @FirstName, @LastName, @Language, @Now, @Now)
                """, new { id, email, registration.PasswordHash, Role = Role.Client, registration.FirstName, registration.LastName, language, now });
        }
        catch (UniqueViolation)
        {
            return null;
        }

        tx.Append(new UserRegistered(id, Roles.NameOf(Role.Client)));
        return new Existing(id, language, EmailVerifiedAt: null);
    }
}
