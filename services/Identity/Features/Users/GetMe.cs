using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Users;

internal static class GetMe
{
    public sealed record Me(
        Guid Id, string Email, Role Role, string FirstName, string LastName, DateTimeOffset CreatedAt, DateTimeOffset? WelcomedAt);

    public static async Task<Results<Ok<Me>, ProblemHttpResult>> Handle(Caller caller, Db db, CancellationToken ct)
    {
        var me = await db.Global().QueryOne<Me>(
            """
            SELECT u.id, u.email, u.role, u.first_name, u.last_name, u.created_at, w.welcomed_at
            FROM users u
            LEFT JOIN welcomes w ON w.user_id = u.id
            WHERE u.id = @Id
            """, new { caller.Id }, ct);

        return me is null ? Problems.NotFound("users.unknown") : TypedResults.Ok(me);
    }
}
