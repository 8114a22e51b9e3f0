using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Keys;

/// Makes the next key now instead of at the end of the month. Nobody notices: it signs when all have read it, and the one before stays published
/// until its last token has expired.
internal static class RotateKeys
{
    public sealed record Response(string Kid, DateTimeOffset SignsFrom);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(SigningKeys keys, CancellationToken ct) =>
        await keys.MakeNext(ct) is { } next
            ? TypedResults.Ok(new Response(next.Public.KeyId!, next.SignsFrom))
            : Problems.Conflict("keys.rotation_pending", "The next key is published already and will sign soon.");
}
