using FitFlow.Data;
using FitFlow.Identity.Features.Audit;
using FitFlow.Identity.Features.Profiles;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Erasure;

/// The document, part by part. A part is only ever added to: `format` names its first version.
internal sealed record Export(
    string Format, DateTimeOffset ExportedAt, Export.AccountPart Account, TrainerProfile? TrainerProfile, ClientProfile ClientProfile,
    IReadOnlyList<Export.MembershipPart> Memberships, IReadOnlyList<Export.SessionPart> Sessions,
    IReadOnlyList<Export.ReadPart> WhoReadMyData)
{
    public const string Version1 = "fitflow.identity.export/1";

    public sealed record AccountPart(
        Guid Id, string Email, DateTimeOffset? EmailVerifiedAt, Role Role, string FirstName, string LastName, string? Phone, string Language,
        DateTimeOffset CreatedAt, DateTimeOffset? UpdatedAt, DateTimeOffset? PasswordChangedAt);

    public sealed record MembershipPart(Guid StudioId, IReadOnlyList<string> Roles, DateTimeOffset Since);

    public sealed record SessionPart(Guid Id, string UserAgent, string Ip, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset? EndedAt);

    public sealed record ReadPart(DateTimeOffset At, AuditKind Kind, Guid? ActorId, string? ActorService, Guid? StudioId, string Fields, string Route);

    private sealed record Held(Guid StudioId, string Roles, DateTimeOffset Since);

    /// Of a transaction that sees the person's rows.
    public static async Task<Export> Of(Transaction tx, Guid person, ClientProfile clientProfile, DateTimeOffset now) => new(
        Version1, now,
        (await tx.QueryOne<AccountPart>(
            """
            SELECT id, email, email_verified_at, role, first_name, last_name, phone, language, created_at, updated_at, password_changed_at
            FROM users
            WHERE id = @Person
            """, new { person }))!,
        await tx.QueryOne<TrainerProfile>(
            """
            SELECT certifications, specializations, years_experience, rating, bio
            FROM trainer_profiles
            WHERE user_id = @Person
            """, new { person }),
        clientProfile,
        [.. (await tx.Query<Held>(
            """
            SELECT tenant_id AS studio_id, roles, since
            FROM memberships_mine
            ORDER BY tenant_id
            """)).Select(held => new MembershipPart(held.StudioId, held.Roles.Split(',', StringSplitOptions.RemoveEmptyEntries), held.Since))],
        await tx.Query<SessionPart>(
            """
            SELECT id, user_agent, ip, created_at, last_seen_at, ended_at
            FROM sessions
            WHERE user_id = @Person
            ORDER BY created_at DESC
            """, new { person }),
        await tx.Query<ReadPart>(
            """
            SELECT at, kind, actor_id, actor_service, studio_id, fields, route
            FROM audit_log
            WHERE subject_id = @Person
            ORDER BY id DESC
            """, new { person }));
}
