using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Users;

internal static class GetMe
{
    public static async Task<Results<Ok<Me>, ProblemHttpResult>> Handle(Caller caller, CachedPeople people, CancellationToken ct)
    {
        var me = await people.Find(caller.Id, ct);

        // The welcome comes by way of the broker, seconds after the account: until then it is looked for each time.
        if (me is { WelcomedAt: null }) me = await people.Load(caller.Id, ct);
        return me is null ? Problems.NotFound("users.unknown") : TypedResults.Ok(me);
    }
}
