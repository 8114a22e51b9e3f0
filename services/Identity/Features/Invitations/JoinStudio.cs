using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Members;
using FitFlow.Identity.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Invitations;

/// By its link anybody becomes a studio's client. Who belongs to it stays what they are.
internal static class JoinStudio
{
    public sealed record Request([Required, StringLength(StudioToken.Length)] string Token);

    public static async Task<Results<Ok<Joined>, ProblemHttpResult>> Handle(
        Request request, Caller caller, Db db, MembershipRows members, CancellationToken ct)
    {
        if (StudioToken.Parse(request.Token) is not { } token) return Invitation.Unknown();
        return await db.ForTenant(token.Studio).InTransaction<Results<Ok<Joined>, ProblemHttpResult>>(async tx =>
        {
            if (await Studio.Lock(tx) is not { } studio || !await IsCurrent(tx, token.Hash)) return Invitation.Unknown();
            var held = await Memberships.RolesOf(tx, caller.Id);
            if (held != Role.None) return TypedResults.Ok(Joined.In(studio, held));
            if (!studio.IsActive) return Studio.Inactive();
            if (!await Memberships.HasRoom(tx, caller.Id)) return MemberProblems.NoRoom();

            await members.Set(tx, caller.Id, Role.Client);
            return TypedResults.Ok(Joined.In(studio, Role.Client));
        }, ct);
    }

    private static Task<bool> IsCurrent(Transaction tx, byte[] hash) =>
        tx.QueryOne<bool>("SELECT EXISTS (SELECT 1 FROM join_links WHERE token_hash = @Hash)", new { hash });
}
