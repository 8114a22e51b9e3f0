using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Sessions;
using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Accounts;

internal static class Login
{
    public sealed record Request([Required, StringLength(254)] string Email, [Required, StringLength(128)] string Password);

    private sealed record Account(Guid Id, string Email, string? PasswordHash, Role Role, string FirstName, string LastName, DateTimeOffset CreatedAt)
    {
        public User User => new(Id, Email, Role, FirstName, LastName, CreatedAt);
    }

    public static async Task<Results<Ok<SignedIn.Response>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, Db db, Passwords passwords, SessionRows sessions, CancellationToken ct)
    {
        var account = await db.Global().QueryOne<Account>(
            """
            SELECT id, email, password_hash, role, first_name, last_name, created_at
            FROM users
            WHERE email = @Email AND erased_at IS NULL
            """, new { Email = Sql.Email(request.Email) }, ct);

        if (!passwords.Verify(account?.PasswordHash, request.Password) || account is null) return Wrong();

        var signedIn = await sessions.Start(account.User, Device.Of(http), ct, tx => IsStill(tx, account));
        return signedIn is null ? Wrong() : TypedResults.Ok(signedIn.Answer());
    }

    private static ProblemHttpResult Wrong() => Problems.Unauthorized("accounts.wrong_credentials", "The e-mail address or the password is not right.");

    /// A password that is changed while its hash is computed is not the password any more.
    private static async Task<bool> IsStill(Transaction tx, Account account) => await tx.QueryOne<string?>(
        """
        SELECT password_hash
        FROM users
        WHERE id = @Id
        """, new { account.Id }) == account.PasswordHash;
}
