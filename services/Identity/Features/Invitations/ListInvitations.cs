using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Members;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Invitations;

/// What waits for an answer, newest first: for trainers what they sent themselves.
internal static class ListInvitations
{
    public static async Task<Results<Ok<Page<Invitation>>, ProblemHttpResult>> Handle(
        [StringLength(200)] string? cursor, [Range(1, Paging.MaxSize)] int? limit, Caller caller, Db db, TimeProvider clock, CancellationToken ct)
    {
        var sender = Memberships.Runs(caller.Roles) ? (Guid?)null : caller.Id;
        if (Paging.Read(cursor, limit, "invitations", caller.Studio, sender) is not { } page) return Paging.WrongCursor();

        var rows = await db.ForTenant(caller.Studio).Query<Invitation.Row>(
            """
            SELECT id, email, roles, invited_by, created_at, expires_at
            FROM invitations
            WHERE expires_at > @Now
              AND (@Sender IS NULL OR invited_by = @Sender)
              AND (@After IS NULL OR id < @After)
            ORDER BY id DESC
            LIMIT @Rows
            """, new { Now = clock.GetUtcNow(), sender, page.After, page.Rows }, ct);
        return TypedResults.Ok(page.Of([.. rows.Select(row => row.Invitation)], invitation => invitation.Id));
    }
}
