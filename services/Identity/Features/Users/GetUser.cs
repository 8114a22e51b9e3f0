using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Users;

/// Whom the caller may not know of is answered like one who does not exist.
internal static class GetUser
{
    public static async Task<Results<Ok<PersonView>, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, CancellationToken ct)
    {
        var tie = (await Ties.Of(caller, [id], db, ct)).GetValueOrDefault(id, Tie.None);
        if (tie.Sight == Sight.Nothing) return Problems.NotFound("users.unknown");

        return await PersonView.Find(db, [id], ct) is [var person]
            ? TypedResults.Ok(person.SeenWith(tie.Sight))
            : Problems.NotFound("users.unknown");
    }
}
