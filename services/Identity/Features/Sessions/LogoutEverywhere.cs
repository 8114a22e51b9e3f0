using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Sessions;

internal static class LogoutEverywhere
{
    public static async Task<NoContent> Handle(Caller caller, Db db, SessionRows sessions, CancellationToken ct)
    {
        await db.Global().InTransaction(tx => sessions.EndAll(tx, caller.Id), ct);
        return TypedResults.NoContent();
    }
}
