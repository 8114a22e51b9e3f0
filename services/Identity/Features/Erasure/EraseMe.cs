using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Erasure;

internal static class EraseMe
{
    public sealed record Request([Required, StringLength(128)] string Password);

    public static async Task<Results<Ok<Erased>, ProblemHttpResult>> Handle(
        Request request, Caller caller, HttpContext http, Db db, PasswordProof proof, Erasing erasing, CachedPeople people, CancellationToken ct)
    {
        if (await proof.Refuse(caller, request.Password, http, ct) is { } refusal) return refusal;
        if (await db.Global().InTransaction(tx => erasing.Erase(tx, caller, caller.Id), ct) is { } problem) return problem;

        await people.Forget(caller.Id, ct);
        return TypedResults.Ok(Erased.Of(caller.Id));
    }
}
