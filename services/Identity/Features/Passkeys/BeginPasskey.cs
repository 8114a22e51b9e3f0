using System.Text.Json;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Passkeys;

/// Answers what `PublicKeyCredential.parseCreationOptionsFromJSON` takes.
internal static class BeginPasskey
{
    public static async Task<Results<Ok<JsonElement>, ProblemHttpResult>> Handle(Caller caller, HttpContext http, WebAuthn webAuthn, CancellationToken ct) =>
        await webAuthn.BeginAdding(caller.Id, http, ct) is { } options ? TypedResults.Ok(options) : Problems.NotFound("users.unknown");
}
