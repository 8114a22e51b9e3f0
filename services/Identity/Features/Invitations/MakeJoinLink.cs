using FitFlow.Data;
using FitFlow.Identity.Features.Members;
using FitFlow.Identity.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Invitations;

/// One link by which anybody becomes a client. A new one ends the one before; it is shown here and never again.
internal static class MakeJoinLink
{
    public sealed record Response(string Token, DateTimeOffset CreatedAt);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Caller caller, Db db, TimeProvider clock, CancellationToken ct)
    {
        var response = new Response(StudioToken.New(caller.Studio), clock.GetUtcNow());
        var problem = await db.ForTenant(caller.Studio).InTransaction(async tx =>
        {
            if (await Studio.Lock(tx) is null) return Studio.Unknown();
            if (!await Memberships.Runs(tx, caller.Id)) return MemberProblems.NotAnOwner();
            await tx.Execute(
                """
                INSERT INTO join_links (tenant_id, token_hash, made_by, created_at)
                VALUES (@Studio, @Hash, @MadeBy, @CreatedAt)
                ON DUPLICATE KEY UPDATE token_hash = @Hash, made_by = @MadeBy, created_at = @CreatedAt
                """, new { caller.Studio, Hash = StudioToken.Hash(response.Token), MadeBy = caller.Id, response.CreatedAt });
            return null;
        }, ct);

        return problem is not null ? problem : TypedResults.Ok(response);
    }
}
