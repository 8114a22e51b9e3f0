using System.ComponentModel.DataAnnotations;
using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Accounts;

internal static class Register
{
    public sealed record Request(
        [Required, EmailAddress, StringLength(254)] string Email,
        [Required, StringLength(128, MinimumLength = 10)] string Password,
        [Required, StringLength(100, MinimumLength = 1)] string FirstName,
        [Required, StringLength(100, MinimumLength = 1)] string LastName);

    public static async Task<Results<Created<User>, ProblemHttpResult>> Handle(
        Request request, Db db, Passwords passwords, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var user = new User(
            Guid.CreateVersion7(now), Sql.Email(request.Email), Role.Client, request.FirstName.Trim(), request.LastName.Trim(), now);
        var passwordHash = passwords.Hash(request.Password);

        try
        {
            await db.Global().InTransaction(async tx =>
            {
                await tx.Execute(
                    """
                    INSERT INTO users (id, email, password_hash, role, first_name, last_name, created_at)
                    VALUES (@Id, @Email, @PasswordHash, @Role, @FirstName, @LastName, @CreatedAt)
                    """, new { user.Id, user.Email, passwordHash, user.Role, user.FirstName, user.LastName, user.CreatedAt });
                tx.Append(new UserRegistered(user.Id, Roles.NameOf(user.Role)));
            }, ct);
        }
        catch (UniqueViolation)
        {
            return Problems.Conflict("accounts.email_taken", "This e-mail address has an account already. Sign in, or reset the password.");
        }

        return TypedResults.Created("/api/v1/users/me", user);
    }
}
