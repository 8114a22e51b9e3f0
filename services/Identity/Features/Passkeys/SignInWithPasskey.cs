using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Sessions;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace FitFlow.Identity.Features.Passkeys;

internal static class SignInWithPasskey
{
    public sealed record Request([Required] UsedCredential Credential, SessionKind Session = SessionKind.Token);

    /// Whatever is wrong, the answer is the same: nobody learns which passkeys there are.
    public static async Task<Results<Ok<SignedIn.Response>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, WebAuthn webAuthn, SessionRows sessions, BrowserSessions browsers, TimeProvider clock, CancellationToken ct)
    {
        if (request.Session == SessionKind.Cookie && browsers.RefuseForeign(http) is { } foreign) return foreign;
        if (await webAuthn.Check(request.Credential, http, ct) is not var (passkey, holder)) return Refused();

        // Said to who has proved to be this person only.
        if (holder.EmailVerifiedAt is null) return Problems.Forbidden("accounts.email_unverified", "Follow the link in the letter that was sent to this address first.");
        if (holder.DeactivatedAt is not null) return Problems.Forbidden("accounts.deactivated", "This account has been closed. Ask your studio.");

        var signedIn = await sessions.Start(holder.User, Device.Of(http), ct, tx => Use(tx, passkey, holder.Id, clock), request.Session);
        return signedIn is null ? Refused() : TypedResults.Ok(browsers.Answer(http, signedIn));
    }

    private static ProblemHttpResult Refused() => Problems.Unauthorized("passkeys.sign_in_refused", "This passkey was not accepted. Try again, or use your password.");

    /// False when it was removed meanwhile, or a clone of it was quicker.
    private static async Task<bool> Use(Transaction tx, UserPasskeyInfo passkey, Guid person, TimeProvider clock) => await tx.Execute(
        """
        UPDATE passkeys
        SET sign_count = @SignCount, is_backed_up = @IsBackedUp, last_used_at = @Now
        WHERE credential_id = @CredentialId AND user_id = @Person AND (sign_count < @SignCount OR (sign_count = 0 AND @SignCount = 0))
        """, new { passkey.CredentialId, person, SignCount = (long)passkey.SignCount, passkey.IsBackedUp, Now = clock.GetUtcNow() }) == 1;
}
