using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Policies;

internal static class GetPolicy
{
    public static async Task<Ok<Policy>> Handle(Caller caller, Db db, CancellationToken ct) =>
        TypedResults.Ok(await Policy.Find(db.ForTenant(caller.Studio), ct));
}
