using FitFlow.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Denials;

internal static class ListDenials
{
    public static async Task<Ok<DenialPage>> Handle(Denials denials, CancellationToken ct, long since = 0) => TypedResults.Ok(await denials.Since(since, ct));
}
