using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FitFlow.ServiceDefaults.Tokens;

/// <summary>Writes and signs access tokens in exactly the form that <see cref="TokenVerifier"/> takes.</summary>
public static class TokenWriter
{
    // A token is in no page's markup: "at+jwt" stays as it is.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(AccessToken token, ECDsa key, string kid)
    {
        var header = Base64Url.Encode(Json(json =>
        {
            json.WriteStartObject();
            json.WriteString("alg", "ES256");
            json.WriteString("typ", "at+jwt");
            json.WriteString("kid", kid);
            json.WriteEndObject();
        }));
        var signed = $"{header}.{Base64Url.Encode(Json(token.Write))}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{signed}.{Base64Url.Encode(signature)}";
    }

    private static ReadOnlySpan<byte> Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain)) write(json);
        return buffer.WrittenSpan;
    }
}
