using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FitFlow.Identity.Features.Passkeys;

/// A passkey that was just made, as `PublicKeyCredential.toJSON()` says it, under the names that the standard gives: base64url, the id at most
/// 1,023 bytes. What is not named here is not read.
internal sealed record NewCredential([Required, StringLength(1_364)] string Id, [Required, StringLength(32)] string Type, [Required] NewCredential.Answer Response)
{
    public sealed record Answer(
        [property: JsonPropertyName("clientDataJSON"), Required, StringLength(4_096)] string ClientData,
        [property: JsonPropertyName("attestationObject"), Required, StringLength(16_384)] string AttestationObject,
        [MaxLength(10)] IReadOnlyList<string>? Transports = null);

    public string Json() => JsonSerializer.Serialize(new
    {
        id = Id,
        type = Type,
        clientExtensionResults = new { },
        response = new { clientDataJSON = Response.ClientData, attestationObject = Response.AttestationObject, transports = Response.Transports },
    });
}

/// A passkey in use.
internal sealed record UsedCredential([Required, StringLength(1_364)] string Id, [Required, StringLength(32)] string Type, [Required] UsedCredential.Answer Response)
{
    public sealed record Answer(
        [property: JsonPropertyName("clientDataJSON"), Required, StringLength(4_096)] string ClientData,
        [property: JsonPropertyName("authenticatorData"), Required, StringLength(4_096)] string AuthenticatorData,
        [Required, StringLength(2_048)] string Signature,
        [property: JsonPropertyName("userHandle"), StringLength(128)] string? UserHandle = null);

    public string Json() => JsonSerializer.Serialize(new
    {
        id = Id,
        type = Type,
        clientExtensionResults = new { },
        response = new
        {
            clientDataJSON = Response.ClientData,
            authenticatorData = Response.AuthenticatorData,
            signature = Response.Signature,
            userHandle = Response.UserHandle,
        },
    });
}
