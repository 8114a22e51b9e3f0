using System.Text.Json;
using Microsoft.Playwright;

namespace FitFlow.Testing;

/// <summary>
/// A device that keeps passkeys and knows its owner, as Chromium's developer tools play one: real keys, real signatures, no finger needed.
/// </summary>
public sealed class Authenticator
{
    private readonly ICDPSession _tools;
    private readonly string _id;

    private Authenticator(ICDPSession tools, string id) => (_tools, _id) = (tools, id);

    public static async Task<Authenticator> In(IPage page, bool knowsOwner = true)
    {
        var tools = await page.Context.NewCDPSessionAsync(page);
        await tools.SendAsync("WebAuthn.enable");
        var added = await tools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = knowsOwner,
                ["isUserVerified"] = knowsOwner,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return new Authenticator(tools, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    /// <summary>What it keeps, private keys and all.</summary>
    public async Task<IReadOnlyList<JsonElement>> Credentials()
    {
        var answer = await _tools.SendAsync("WebAuthn.getCredentials", new() { ["authenticatorId"] = _id });
        return [.. answer!.Value.GetProperty("credentials").EnumerateArray()];
    }

    /// <summary>Takes the device away.</summary>
    public Task Remove() => _tools.SendAsync("WebAuthn.removeVirtualAuthenticator", new() { ["authenticatorId"] = _id });

    /// <summary>Makes it forget all passkeys.</summary>
    public Task Clear() => _tools.SendAsync("WebAuthn.clearCredentials", new() { ["authenticatorId"] = _id });

    /// <summary>Whether whoever holds the device is its owner.</summary>
    public Task KnowsOwner(bool knows) => _tools.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = _id, ["isUserVerified"] = knows });
}
