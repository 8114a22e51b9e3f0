using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Studios;

internal static class GetStudio
{
    public static async Task<Results<Ok<Studio>, ProblemHttpResult>> Handle(Caller caller, Db db, CancellationToken ct) =>
        await Studio.Find(db.ForTenant(caller.Studio), ct) is { } studio ? TypedResults.Ok(studio) : Studio.Unknown();
}
