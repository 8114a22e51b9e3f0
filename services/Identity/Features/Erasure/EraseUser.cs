using FitFlow.Data;
using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Erasure;

/// For who asked by letter, having no password any more.
internal static class EraseUser
{
    public static async Task<Results<Ok<Erased>, ProblemHttpResult>> Handle(
        Guid id, Caller caller, Db db, Erasing erasing, CachedPeople people, CancellationToken ct)
    {
        if (await db.Global().InTransaction(tx => erasing.Erase(tx, caller, id), ct) is { } problem) return problem;

        await people.Forget(id, ct);
        return TypedResults.Ok(Erased.Of(id));
    }
}
