using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Passkeys;

/// One page, always: nobody has more than fit on it.
internal static class ListPasskeys
{
    public static async Task<Ok<Page<Passkey>>> Handle(Caller caller, Db db, CancellationToken ct) =>
        TypedResults.Ok(new Page<Passkey>(await Passkey.Of(db, caller.Id, ct), NextCursor: null));
}
