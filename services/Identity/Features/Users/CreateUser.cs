using System.ComponentModel.DataAnnotations;
using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Identity.Features.Accounts;
using FitFlow.Identity.Features.Audit;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Users;

/// An account that an admin opens for somebody. It has no password until they follow the link in their letter, which proves that the address
/// is theirs.
internal static class CreateUser
{
    private static readonly TimeSpan LinkGoodFor = TimeSpan.FromDays(7);

    public sealed record Request(
        [Required, Email] string Email,
        Role Role,
        [Required, StringLength(100)] string FirstName,
        [Required, StringLength(100)] string LastName,
        [RegularExpression(PhoneNumber.Pattern, ErrorMessage = PhoneNumber.Wrong)] string? Phone = null,
        [Required, AllowedValues(Languages.English, Languages.French, ErrorMessage = Languages.Wrong)] string Language = Languages.English);

    public static async Task<Results<Created<Me>, ProblemHttpResult>> Handle(
        Request request, Caller caller, Db db, OneTimeTokens tokens, Letters.Letters letters, AccountLetters texts, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var user = new Me(
            Guid.CreateVersion7(now), Sql.Email(request.Email), request.Role, request.FirstName.Trim(), request.LastName.Trim(), request.Phone, request.Language,
            now, now, WelcomedAt: null);
        try
        {
            await db.Global().InTransaction(async tx =>
            {
                await tx.Execute(
                    """
                    INSERT INTO users (id, email, role, first_name, last_name, phone, language, created_at, updated_at)
                    VALUES (@Id, @Email, @Role, @FirstName, @LastName, @Phone, @Language, @CreatedAt, @CreatedAt)
                    """, user);
                await audit.Write(tx, AuditKind.AccountCreated, caller, user.Id);
                tx.Append(new UserRegistered(user.Id, Roles.NameOf(user.Role)));
                var token = await tokens.Make(tx, user.Id, Purpose.ResetPassword, goodFor: LinkGoodFor);
                await letters.Post(tx, texts.Opened(user.Email, user.Language, token));
            }, ct);
        }
        catch (UniqueViolation)
        {
            return Problems.Conflict("accounts.email_taken", "This e-mail address has an account already.");
        }

        return TypedResults.Created($"/api/v1/users/{user.Id}", user);
    }
}
