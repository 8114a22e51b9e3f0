using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Data.Encryption;
using FitFlow.Identity.Features.Audit;
using FitFlow.Identity.Features.Sessions;
using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Erasure;

/// Makes nobody of somebody. In one transaction: all of it happens or none, and whoever tries again finds nobody.
internal sealed class Erasing(
    SessionRows sessions, Denials.Denials denials, FieldEncryption encryption, Letters.Letters letters, StudioTraces studios, AuditLog audit, TimeProvider clock)
{
    private sealed record Account(string Email);

    /// Null when it is done, else what stands against it.
    public async Task<ProblemHttpResult?> Erase(Transaction tx, Caller by, Guid person)
    {
        var isLastAdmin = await LastAdmin.Is(tx, person);
        if (await Lock(tx, person) is not { } account) return Problems.NotFound("users.unknown");
        if (isLastAdmin) return Problems.Conflict("users.last_admin", "This is the only admin. Make somebody else one first.");
        if (await studios.Erase(tx, person, account.Email) is { } owned) return owned;

        await sessions.EndAll(tx, person);
        await denials.Deny(tx, person);
        foreach (var statement in Traces) await tx.Execute(statement, new { person });
        await letters.Withdraw(tx, account.Email);
        await tx.ForPerson(person).Execute("DELETE FROM client_profiles");
        await encryption.Erase(tx, person);
        await MakeNobody(tx, person);
        await audit.Write(tx, AuditKind.Erased, by, person);
        tx.Append(new UserErased(person));
        return null;
    }

    /// What is the person's alone and is of no use without them.
    private static readonly string[] Traces =
    [
        """
        DELETE t FROM refresh_tokens t
        JOIN sessions s ON s.id = t.session_id
        WHERE s.user_id = @Person
        """,
        "DELETE FROM sessions WHERE user_id = @Person",
        "DELETE FROM one_time_tokens WHERE user_id = @Person",
        "DELETE FROM known_places WHERE user_id = @Person",
        "DELETE FROM passkeys WHERE user_id = @Person",
        "DELETE FROM trainer_profiles WHERE user_id = @Person",
        "DELETE FROM welcomes WHERE user_id = @Person",
    ];

    private static Task<Account?> Lock(Transaction tx, Guid person) => tx.QueryOne<Account>(
        """
        SELECT email
        FROM users
        WHERE id = @Person AND erased_at IS NULL
        FOR UPDATE
        """, new { person });

    /// The row stays, so that what others wrote about this id still points somewhere. The address is free for whoever registers next.
    private Task MakeNobody(Transaction tx, Guid person) => tx.Execute(
        """
        UPDATE users
        SET email = CONCAT('erased-', LOWER(HEX(id))), password_hash = NULL, role = 'client', first_name = 'erased', last_name = 'erased', phone = NULL,
            language = 'en', email_verified_at = NULL, password_changed_at = NULL, deactivated_at = @Now, erased_at = @Now, updated_at = @Now
        WHERE id = @Person
        """, new { person, Now = clock.GetUtcNow() });
}
