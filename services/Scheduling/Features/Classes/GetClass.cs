using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Classes;

internal static class GetClass
{
    public static async Task<Results<Ok<ClassView>, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, People.People people, CancellationToken ct)
    {
        if (await ClassView.Find(db.ForTenant(caller.Studio), id, caller.IsService ? null : caller.Id, ct) is not { } found) return Class.Unknown();
        return TypedResults.Ok((await ClassView.Of(caller.Studio, [found], people, ct))[0]);
    }
}
