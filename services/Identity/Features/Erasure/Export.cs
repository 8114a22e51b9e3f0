using FitFlow.Data;
using FitFlow.Identity.Features.Audit;
using FitFlow.Identity.Features.Profiles;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Erasure;

/// The document, part by part. Parts may be added; those that are there keep their meaning under this `format`.
internal sealed record Export(
    string Format, DateTimeOffset ExportedAt, Export.AccountPart Account, TrainerProfile? TrainerProfile, ClientProfile ClientProfile,
    IReadOnlyList<StudioTraces.Membership> Memberships, IReadOnlyList<StudioTraces.Coaching> Coachings,
    IReadOnlyList<StudioTraces.Invitation> Invitations, IReadOnlyList<Export.PasskeyPart> Passkeys, IReadOnlyList<Export.SessionPart> Sessions, IReadOnlyList<Export.ReadPart> WhoReadMyData)
{
    public const string Version1 = "fitflow.identity.export/1";

    public sealed record AccountPart(
        Guid Id, string Email, DateTimeOffset? EmailVerifiedAt, Role Role, string FirstName, string LastName, string? Phone, string Language,
        DateTimeOffset CreatedAt, DateTimeOffset? UpdatedAt, DateTimeOffset? PasswordChangedAt);

    public sealed record PasskeyPart(Guid Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

    public sealed record SessionPart(Guid Id, string UserAgent, string Ip, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset? EndedAt);

    public sealed record ReadPart(
        DateTimeOffset At, AuditKind Kind, Guid? ActorId, string? ActorService, Guid? StudioId, IReadOnlyList<string> Fields, string Route);

    private sealed record ReadRow(DateTimeOffset At, AuditKind Kind, Guid? ActorId, string? ActorService, Guid? StudioId, string Fields, string Route);

    public static async Task<Export> Of(Transaction tx, Guid person, ClientProfile clientProfile, StudioTraces studios, DateTimeOffset now)
    {
        var account = (await FindAccount(tx, person))!;
        return new Export(
            Version1, now, account, await FindTrainerProfile(tx, person), clientProfile,
            await StudioTraces.Memberships(tx, person),
            await StudioTraces.Coachings(tx, person),
            await studios.Invitations(account.Email, tx.CancellationToken),
            await FindPasskeys(tx, person),
            await FindSessions(tx, person),
            await FindReads(tx, person));
    }

    private static Task<AccountPart?> FindAccount(Transaction tx, Guid person) => tx.QueryOne<AccountPart>(
        """
        SELECT id, email, email_verified_at, role, first_name, last_name, phone, language, created_at, updated_at, password_changed_at
        FROM users
        WHERE id = @Person
        """, new { person });

    private static Task<TrainerProfile?> FindTrainerProfile(Transaction tx, Guid person) => tx.QueryOne<TrainerProfile>(
        """
        SELECT certifications, specializations, years_experience, rating, bio
        FROM trainer_profiles
        WHERE user_id = @Person
        """, new { person });

    private static Task<IReadOnlyList<PasskeyPart>> FindPasskeys(Transaction tx, Guid person) => tx.Query<PasskeyPart>(
        """
        SELECT id, name, created_at, last_used_at
        FROM passkeys
        WHERE user_id = @Person
        ORDER BY id
        """, new { person });

    private static Task<IReadOnlyList<SessionPart>> FindSessions(Transaction tx, Guid person) => tx.Query<SessionPart>(
        """
        SELECT id, user_agent, ip, created_at, last_seen_at, ended_at
        FROM sessions
        WHERE user_id = @Person
        ORDER BY created_at DESC
        """, new { person });

    private static async Task<IReadOnlyList<ReadPart>> FindReads(Transaction tx, Guid person)
    {
        var rows = await tx.Query<ReadRow>(
            """
            SELECT at, kind, actor_id, actor_service, studio_id, fields, route
            FROM audit_log
            WHERE subject_id = @Person
            ORDER BY id DESC
            """, new { person });
        return [.. rows.Select(row => new ReadPart(
            row.At, row.Kind, row.ActorId, row.ActorService, row.StudioId, row.Fields.Split(',', StringSplitOptions.RemoveEmptyEntries), row.Route))];
    }
}
