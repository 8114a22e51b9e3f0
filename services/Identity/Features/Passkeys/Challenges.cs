using System.Text;
using System.Text.Json;
using FitFlow.ServiceDefaults;
using FitFlow.ServiceDefaults.Tokens;

namespace FitFlow.Identity.Features.Passkeys;

/// What a device has to sign, kept until it is answered: once, for five minutes, for this purpose and, where one is signed in, for this person.
/// In Redis, since any replica may get the answer. Without Redis there are no passkeys, and passwords go on.
internal sealed class Challenges(Redis redis)
{
    public const int Size = 32;

    public const string SignIn = "sign-in";

    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);

    public static string Adding(Guid person) => $"add:{person:N}";

    /// The options that hold the challenge, and the state that the framework wants to see again.
    public async Task Keep(string purpose, string options, string state, CancellationToken ct)
    {
        using var json = JsonDocument.Parse(options);
        await redis.Set(Key(purpose, json.RootElement.GetProperty("challenge").GetString()!), Encoding.UTF8.GetBytes(state), GoodFor, ct: ct);
    }

    /// The state of the challenge that this answer says it answers, for the first who asks. Whether it really does is for WebAuthn to check.
    public async Task<string?> Take(string purpose, string clientData, CancellationToken ct) =>
        ChallengeIn(clientData) is { } challenge && await redis.Take(Key(purpose, challenge), ct) is { } state ? Encoding.UTF8.GetString(state) : null;

    private static string Key(string purpose, string challenge) => $"passkeys:{purpose}:{challenge}";

    private static string? ChallengeIn(string clientData)
    {
        if (!Base64Url.TryDecode(clientData, out var bytes)) return null;
        try
        {
            using var json = JsonDocument.Parse(bytes);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("challenge", out var challenge)
                && challenge.ValueKind == JsonValueKind.String
                && Base64Url.TryDecode(challenge.GetString()!, out var random) && random.Length == Size
                ? challenge.GetString()
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // No JSON; or, found only on reading it, a text that is no Unicode.
        }
    }
}
