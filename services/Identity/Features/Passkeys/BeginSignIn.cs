using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Passkeys;

/// Answers what `PublicKeyCredential.parseRequestOptionsFromJSON` takes. Nobody says who they are: the device does.
internal static class BeginSignIn
{
    public static async Task<Ok<JsonElement>> Handle(HttpContext http, WebAuthn webAuthn, CancellationToken ct) =>
        TypedResults.Ok(await webAuthn.BeginSignIn(http, ct));
}
