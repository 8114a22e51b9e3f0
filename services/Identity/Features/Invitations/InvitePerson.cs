using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Accounts;
using FitFlow.Identity.Features.Members;
using FitFlow.Identity.Features.Studios;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Invitations;

/// Invites an address, whether it has an account or not: the answer is the same. A new invitation takes the place of the one before.
internal static class InvitePerson
{
    private const int MostPending = 200;

    private static readonly TimeSpan GoodFor = TimeSpan.FromDays(7);

    public sealed record Request([Required, Email] string Email, [Required, Length(1, 3)] IReadOnlyList<Role> Roles) : IValidatableObject
    {
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => MemberProblems.Of(Roles);
    }

    public static async Task<Results<Created<Invitation>, ProblemHttpResult>> Handle(
        Request request, Caller caller, Db db, LetterLimit limit, Letters.Letters letters, InvitationLetters texts, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var roles = request.Roles.Aggregate(Role.None, (all, role) => all | role);
        var invitation = new Invitation(Guid.CreateVersion7(now), Sql.Email(request.Email), Memberships.Each(roles), caller.Id, now, now + GoodFor);
        var token = StudioToken.New(caller.Studio);

        var problem = await db.ForTenant(caller.Studio).InTransaction(async tx =>
        {
            if (await Studio.Lock(tx) is not { } studio) return Studio.Unknown();
            if (!Invitation.May(await Memberships.RightsOf(tx, caller.Id), roles)) return MemberProblems.NotAnOwner();
            if (!studio.IsActive) return Studio.Inactive();
            if (await Others(tx, invitation.Email, now) >= MostPending) return TooMany();
            if (await MayNotReplace(tx, invitation.Email, await Memberships.RightsOf(tx, caller.Id))) return AlreadyInvited();
            if (!await limit.Take(tx, LetterKind.Invite, invitation.Email)) return TooOften();

            await tx.Execute("DELETE FROM invitations WHERE email = @Email", new { invitation.Email });
            await tx.Execute(
                """
                INSERT INTO invitations (tenant_id, id, email, roles, token_hash, invited_by, created_at, expires_at)
                VALUES (@Studio, @Id, @Email, @Roles, @Hash, @InvitedBy, @CreatedAt, @ExpiresAt)
                """,
                new
                {
                    caller.Studio,
                    invitation.Id,
                    invitation.Email,
                    Roles = Memberships.Write(roles),
                    Hash = StudioToken.Hash(token),
                    invitation.InvitedBy,
                    invitation.CreatedAt,
                    invitation.ExpiresAt,
                });
            await letters.Post(tx, texts.Invite(invitation.Email, await LanguageOf(tx, invitation), studio.Name, invitation.Roles, token));
            return null;
        }, ct);

        return problem is not null ? problem : TypedResults.Created($"/api/v1/studios/{caller.Studio}/invitations/{invitation.Id}", invitation);
    }

    /// Somebody who may invite clients does not take an owner's invitation away.
    private static async Task<bool> MayNotReplace(Transaction tx, string email, Role rights) =>
        (await tx.Query<string>("SELECT roles FROM invitations WHERE email = @Email", new { email })).Any(roles => !Invitation.May(rights, Memberships.Parse(roles)));

    /// How many wait besides the one that this may replace, once what has expired is gone.
    private static async Task<int> Others(Transaction tx, string email, DateTimeOffset now)
    {
        await tx.Execute("DELETE FROM invitations WHERE expires_at <= @Now", new { now });
        return await tx.QueryOne<int>("SELECT COUNT(*) FROM invitations WHERE email <> @Email", new { email });
    }

    /// Their own, if they have an account, else that of whoever invites.
    private static async Task<string> LanguageOf(Transaction tx, Invitation invitation) => await tx.QueryOne<string>(
        """
        SELECT language
        FROM users
        WHERE email = @Email OR id = @InvitedBy
        ORDER BY email = @Email DESC
        LIMIT 1
        """, new { invitation.Email, invitation.InvitedBy }) ?? "en";

    private static ProblemHttpResult TooMany() => Problems.Conflict(
        "invitations.too_many", $"{MostPending} invitations wait for an answer. Revoke some, or wait for them to expire.", ("limit", MostPending));

    private static ProblemHttpResult AlreadyInvited() => Problems.Conflict(
        "invitations.already_invited", "This address has been invited as more than a client. Only those who run the studio may change that.");

    private static ProblemHttpResult TooOften() =>
        Problems.Of(StatusCodes.Status429TooManyRequests, "invitations.too_often", "This address has been sent several letters within the hour. Try again later.");
}
