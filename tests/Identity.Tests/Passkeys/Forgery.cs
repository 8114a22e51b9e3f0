using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FitFlow.Identity.Tests.Passkeys;

/// What a device would never say, signed with its real key all the same: each forgery is wrong in one thing only.
internal sealed record Forgery
{
    private const byte Present = 0x01, Verified = 0x04;

    public string Type { get; init; } = "webauthn.get";

    public string Origin { get; init; } = "http://localhost:3000";

    public string Domain { get; init; } = "localhost";

    public bool CrossOrigin { get; init; }

    public bool IsVerified { get; init; } = true;

    /// Beyond all that the device itself has counted.
    public uint Count { get; init; } = 1_000;

    public string? Handle { get; init; }

    public JsonObject Sign(JsonElement device, JsonObject options)
    {
        var clientData = JsonSerializer.SerializeToUtf8Bytes(new { type = Type, challenge = options["challenge"]!.GetValue<string>(), origin = Origin, crossOrigin = CrossOrigin });
        var authenticatorData = new byte[37];
        SHA256.HashData(Encoding.UTF8.GetBytes(Domain)).CopyTo(authenticatorData, 0);
        authenticatorData[32] = (byte)(Present | (IsVerified ? Verified : 0));
        BinaryPrimitives.WriteUInt32BigEndian(authenticatorData.AsSpan(33), Count);

        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(device.GetProperty("privateKey").GetString()!), out _);
        var signature = key.SignData([.. authenticatorData, .. SHA256.HashData(clientData)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        var id = Encode(Convert.FromBase64String(device.GetProperty("credentialId").GetString()!));
        return new JsonObject
        {
            ["id"] = id,
            ["rawId"] = id,
            ["type"] = "public-key",
            ["clientExtensionResults"] = new JsonObject(),
            ["response"] = new JsonObject
            {
                ["clientDataJSON"] = Encode(clientData),
                ["authenticatorData"] = Encode(authenticatorData),
                ["signature"] = Encode(signature),
                ["userHandle"] = Handle ?? Encode(Convert.FromBase64String(device.GetProperty("userHandle").GetString()!)),
            },
        };
    }

    /// The same credential, as if it had been made for another challenge: how it was made is not attested, so nothing else shows it.
    public static JsonObject For(JsonObject credential, JsonObject options)
    {
        var forged = credential.DeepClone().AsObject();
        var clientData = JsonNode.Parse(Decode(forged["response"]!["clientDataJSON"]!))!;
        clientData["challenge"] = options["challenge"]!.GetValue<string>();
        forged["response"]!["clientDataJSON"] = Encode(Encoding.UTF8.GetBytes(clientData.ToJsonString()));
        return forged;
    }

    /// The same, with other bytes in one place of one member.
    public static JsonObject Changed(JsonObject credential, string member, Func<byte[], byte[]> change)
    {
        var forged = credential.DeepClone().AsObject();
        forged["response"]![member] = Encode(change(Decode(forged["response"]![member]!)));
        return forged;
    }

    public static byte[] Decode(JsonNode text) => Base64Url.DecodeFromChars(text.GetValue<string>());

    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
