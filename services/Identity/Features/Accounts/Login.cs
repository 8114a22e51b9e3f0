using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Sessions;
using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Accounts;

internal static class Login
{
    public sealed record Request(
        [Required, StringLength(EmailAttribute.MaxLength)] string Email,
        [Required, StringLength(PasswordRules.MaxLength)] string Password,
        SessionKind Session = SessionKind.Token);

    private sealed record Account(
        Guid Id, string Email, string? PasswordHash, Role Role, string FirstName, string LastName, DateTimeOffset CreatedAt,
        DateTimeOffset? EmailVerifiedAt, DateTimeOffset? DeactivatedAt)
    {
        public User User => new(Id, Email, Role, FirstName, LastName, CreatedAt);
    }

    public static async Task<Results<Ok<SignedIn.Response>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, Db db, Passwords passwords, Attempts attempts, SessionRows sessions, BrowserSessions browsers, CancellationToken ct)
    {
        if (request.Session == SessionKind.Cookie && browsers.RefuseForeign(http) is { } foreign) return foreign;

        var (email, from, device) = (Sql.Email(request.Email), Device.Of(http), browsers.DeviceIn(http));
        var attempt = await attempts.Begin(email, from, device, ct);
        if (attempt.Wait is { } wait) return Attempts.Refuse(http, wait);

        var account = await Find(db, email, ct);
        var check = passwords.Verify(account?.PasswordHash, request.Password);
        if (check == PasswordCheck.Wrong || account is null)
        {
            await attempts.Failed(attempt, ct);
            return Wrong();
        }

        // Whoever registers an address knows the password: said otherwise, it would tell them that the address was free.
        if (account.EmailVerifiedAt is null)
        {
            await attempts.Failed(attempt, ct);
            return Wrong();
        }

        // Said to who knows the password only.
        if (account.DeactivatedAt is not null) return Problems.Forbidden("accounts.deactivated", "This account has been closed. Ask your studio.");

        if (request.Session == SessionKind.Cookie) device ??= Secret.New();
        var dearer = check == PasswordCheck.RightButCheap ? passwords.Hash(request.Password) : null;
        var signedIn = await sessions.Start(account.User, from, ct, Confirm, request.Session);
        return signedIn is null ? Wrong() : TypedResults.Ok(browsers.Answer(http, signedIn, device));

        // A password that is changed while its hash is computed is not the password any more.
        async Task<bool> Confirm(Transaction tx)
        {
            var isStill = await tx.Execute(
                """
                UPDATE users
                SET password_hash = COALESCE(@Dearer, password_hash)
                WHERE id = @Id AND password_hash = @PasswordHash
                """, new { account.Id, account.PasswordHash, dearer }) == 1;
            if (isStill) await attempts.Succeeded(tx, attempt, account.Id, device);
            return isStill;
        }
    }

    private static ProblemHttpResult Wrong() => Problems.Unauthorized("accounts.wrong_credentials", "The e-mail address or the password is not right, or the link in our letter was not followed yet.");

    private static Task<Account?> Find(Db db, string email, CancellationToken ct) => db.Global().QueryOne<Account>(
        """
        SELECT id, email, password_hash, role, first_name, last_name, created_at, email_verified_at, deactivated_at
        FROM users
        WHERE email = @Email AND erased_at IS NULL
        """, new { email }, ct);
}
