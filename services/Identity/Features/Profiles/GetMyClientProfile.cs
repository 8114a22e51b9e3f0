using FitFlow.Data;
using FitFlow.Data.Encryption;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Profiles;

internal static class GetMyClientProfile
{
    public static async Task<Ok<ClientProfile>> Handle(Caller caller, HttpContext http, Db db, FieldEncryption encryption, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await Of(caller.Id, db, encryption, ct));
    }

    /// To be shown to nobody but the person.
    public static async Task<ClientProfile> Of(Guid person, Db db, FieldEncryption encryption, CancellationToken ct)
    {
        var found = await db.ForPerson(person).InTransaction(SealedProfile.Find, ct);
        return found is null ? ClientProfile.Empty : found.Open(await encryption.Of(db.Global(), person, ct), person);
    }
}
