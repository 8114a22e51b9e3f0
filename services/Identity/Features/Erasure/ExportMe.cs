using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Data.Encryption;
using FitFlow.Identity.Features.Audit;
using FitFlow.Identity.Features.Profiles;
using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Erasure;

/// All that Identity holds about whoever asks, as one document that programs can read. A POST with the password: it says more at once than
/// any other route, so a stolen access token is not enough.
internal static class ExportMe
{
    public sealed record Request([Required, StringLength(128)] string Password);

    public static async Task<Results<Ok<Export>, ProblemHttpResult>> Handle(
        Request request, Caller caller, HttpContext http, Db db, FieldEncryption encryption, PasswordProof proof, StudioTraces studios, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        if (await proof.Refuse(caller, request.Password, http, ct) is { } refusal) return refusal;

        http.Response.Headers.CacheControl = "no-store";
        var clientProfile = await GetMyClientProfile.Of(caller.Id, db, encryption, ct);
        return await db.ForPerson(caller.Id).InTransaction<Results<Ok<Export>, ProblemHttpResult>>(async tx =>
        {
            if (!await People.Lock(tx, caller.Id)) return Problems.NotFound("users.unknown");

            await audit.Write(tx, AuditKind.Exported, caller, caller.Id);
            return TypedResults.Ok(await Export.Of(tx, caller.Id, clientProfile, studios, clock.GetUtcNow()));
        }, ct);
    }
}
