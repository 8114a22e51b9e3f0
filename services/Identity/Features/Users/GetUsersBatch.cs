using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Users;

/// Many people in one call, in the order asked for; each once, however often they are named.
internal static class GetUsersBatch
{
    private const int Most = 200;

    public sealed record Request([Required, MaxLength(Most)] IReadOnlyList<Guid> UserIds);

    public sealed record Response(IReadOnlyList<PersonView> Data, IReadOnlyList<Guid> Unknown);

    public static async Task<Ok<Response>> Handle(Request request, Caller caller, Db db, CancellationToken ct)
    {
        Guid[] wanted = [.. request.UserIds.Distinct()];
        var ties = await Ties.Of(caller, wanted, db, ct);
        var found = ties.Count == 0
            ? []
            : (await PersonView.Find(db, [.. ties.Keys], ct)).ToDictionary(person => person.Id, person => person.SeenWith(ties[person.Id].Sight));

        return TypedResults.Ok(new Response(
            [.. wanted.Where(found.ContainsKey).Select(id => found[id])],
            [.. wanted.Where(id => !found.ContainsKey(id))]));
    }
}
