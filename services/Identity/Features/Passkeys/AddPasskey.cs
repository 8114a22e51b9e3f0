using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Accounts;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace FitFlow.Identity.Features.Passkeys;

/// Being signed in is enough; the letter tells the owner, should it be somebody else who is.
internal static class AddPasskey
{
    private const string Unnamed = "Passkey";

    public sealed record Request([Required] NewCredential Credential, [StringLength(Passkey.MaxName)] string? Name);

    private sealed record Owner(string Email, string Language);

    public static async Task<Results<Created<Passkey>, ProblemHttpResult>> Handle(
        Request request, Caller caller, HttpContext http, Db db, WebAuthn webAuthn, Letters.Letters letters, AccountLetters texts, TimeProvider clock, CancellationToken ct)
    {
        if (await webAuthn.Check(request.Credential, caller.Id, http, ct) is not { } made)
            return Problems.Of(StatusCodes.Status400BadRequest, "passkeys.refused", "This passkey does not answer what was asked, or too late. Try again.");

        var now = clock.GetUtcNow();
        var transports = string.Join(',', WebAuthn.TransportsIn(string.Join(',', made.Transports ?? [])));
        var name = request.Name?.Trim() is { Length: > 0 } chosen ? chosen : Unnamed;
        var passkey = new Passkey(Guid.CreateVersion7(now), name, WebAuthn.TransportsIn(transports), made.IsBackedUp, now, LastUsedAt: null);
        try
        {
            return await db.Global().InTransaction<Results<Created<Passkey>, ProblemHttpResult>>(async tx =>
            {
                if (await Lock(tx, caller.Id) is not { } owner) return Problems.NotFound("users.unknown");
                if (await Count(tx, caller.Id) >= Passkey.MaxOfAPerson)
                    return Problems.Conflict("passkeys.too_many", $"You have {Passkey.MaxOfAPerson} passkeys. Remove one first.");

                await Insert(tx, passkey, caller.Id, made, transports);
                await letters.Post(tx, texts.PasskeyAdded(owner.Email, owner.Language));
                return TypedResults.Created("/api/v1/auth/passkeys", passkey);
            }, ct);
        }
        catch (UniqueViolation)
        {
            return Problems.Conflict("passkeys.already_added", "This passkey belongs to an account already.");
        }
    }

    private static Task<int> Insert(Transaction tx, Passkey passkey, Guid person, UserPasskeyInfo made, string transports) => tx.Execute(
        """
        INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, name, transports, is_backup_eligible, is_backed_up, created_at)
        VALUES (@Id, @Person, @CredentialId, @PublicKey, @SignCount, @Name, @Transports, @IsBackupEligible, @IsBackedUp, @CreatedAt)
        """,
        new
        {
            passkey.Id,
            person,
            made.CredentialId,
            made.PublicKey,
            SignCount = (long)made.SignCount,
            passkey.Name,
            transports,
            made.IsBackupEligible,
            passkey.IsBackedUp,
            passkey.CreatedAt,
        });

    /// Two who are added at once wait for each other here: the count holds.
    private static Task<Owner?> Lock(Transaction tx, Guid person) => tx.QueryOne<Owner>(
        """
        SELECT email, language
        FROM users
        WHERE id = @Person AND deactivated_at IS NULL AND erased_at IS NULL
        FOR UPDATE
        """, new { person });

    private static Task<long> Count(Transaction tx, Guid person) => tx.QueryOne<long>(
        """
        SELECT COUNT(*)
        FROM passkeys
        WHERE user_id = @Person
        """, new { person });
}
