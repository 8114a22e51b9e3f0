using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Keys;
using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Accounts;

internal static class Login
{
    public sealed record Request([Required, StringLength(254)] string Email, [Required, StringLength(128)] string Password);

    public sealed record Response(string AccessToken, string TokenType, int ExpiresIn, User User);

    private sealed record Account(Guid Id, string Email, string PasswordHash, Role Role, string FirstName, string LastName, DateTimeOffset CreatedAt)
    {
        public User User => new(Id, Email, Role, FirstName, LastName, CreatedAt);
    }

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, Db db, Passwords passwords, AccessTokens tokens, TimeProvider clock, CancellationToken ct)
    {
        var account = await db.Global().QueryOne<Account>(
            """
            SELECT id, email, password_hash, role, first_name, last_name, created_at
            FROM users
            WHERE email = @Email
            """, new { Email = Sql.Email(request.Email) }, ct);

        if (!passwords.Verify(account?.PasswordHash, request.Password) || account is null)
        {
            return Problems.Unauthorized("accounts.wrong_credentials", "The e-mail address or the password is not right.");
        }

        var session = Guid.CreateVersion7(clock.GetUtcNow());
        await db.Global().Execute(
            """
            INSERT INTO sessions (id, user_id, user_agent, created_at)
            VALUES (@Id, @UserId, @UserAgent, @CreatedAt)
            """,
            new { Id = session, UserId = account.Id, UserAgent = UserAgent(http), CreatedAt = clock.GetUtcNow() }, ct);

        var token = await tokens.For(account.User, session, ct);
        return TypedResults.Ok(new Response(token, "Bearer", (int)AccessTokens.Lifetime.TotalSeconds, account.User));
    }

    private static string UserAgent(HttpContext http)
    {
        var agent = http.Request.Headers.UserAgent.ToString();
        return agent.Length <= 255 ? agent : agent[..255];
    }
}
