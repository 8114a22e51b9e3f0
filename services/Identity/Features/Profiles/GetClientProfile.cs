using FitFlow.Data;
using FitFlow.Data.Encryption;
using FitFlow.Identity.Features.Audit;
using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Profiles;

/// For those who train the client and who own the studio. Nobody looks without leaving a trace: the record is committed before the answer.
internal static class GetClientProfile
{
    public static async Task<Results<Ok<ClientProfile>, ProblemHttpResult>> Handle(
        Guid id, Caller caller, HttpContext http, Db db, FieldEncryption encryption, AuditLog audit, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!await Ties.MayReadSealed(caller, id, db, ct)) return Problems.NotFound("users.unknown");

        var found = await db.ForPerson(id).InTransaction(async tx =>
        {
            await audit.Read(tx, caller, id, caller.Studio, SealedProfile.SealedFields);
            return await SealedProfile.Find(tx);
        }, ct);

        return TypedResults.Ok(found is null ? ClientProfile.Empty : found.Open(await encryption.Of(db.Global(), id, ct), id));
    }
}
