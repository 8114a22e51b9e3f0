using System.Text.Json;
using System.Text.Json.Nodes;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace FitFlow.Identity.Features.Passkeys;

/// The framework's own WebAuthn over our tables and challenges.
internal sealed partial class WebAuthn(Db db, IOptions<IdentityPasskeyOptions> options, Challenges challenges, ILoggerFactory logs)
{
    private static readonly string[] Transports = ["usb", "nfc", "ble", "smart-card", "hybrid", "internal"];

    private readonly ILogger<WebAuthn> _log = logs.CreateLogger<WebAuthn>();

    /// What a device claims of itself, as far as it is a word of the standard.
    public static IReadOnlyList<string> TransportsIn(string words) => [.. words.Split(',').Intersect(Transports)];

    /// What the page asks the device with to make a passkey; null for somebody who is not there any more.
    public async Task<JsonElement?> BeginAdding(Guid person, HttpContext http, CancellationToken ct)
    {
        using var users = Users(ct);
        if (await users.FindByIdAsync(Holder.HandleOf(person)) is not { } holder) return null;

        var entity = new PasskeyUserEntity { Id = holder.Handle, Name = holder.Email, DisplayName = $"{holder.FirstName} {holder.LastName}" };
        var made = await Handler(users).MakeCreationOptionsAsync(entity, http);
        await challenges.Keep(Challenges.Adding(person), made.CreationOptionsJson, made.AttestationState!, ct);

        var asked = JsonNode.Parse(made.CreationOptionsJson)!;
        asked["rp"]!["name"] = "FitFlow";
        return JsonSerializer.SerializeToElement(asked);
    }

    public async Task<JsonElement> BeginSignIn(HttpContext http, CancellationToken ct)
    {
        using var users = Users(ct);
        var made = await Handler(users).MakeRequestOptionsAsync(user: null, http);
        await challenges.Keep(Challenges.SignIn, made.RequestOptionsJson, made.AssertionState!, ct);
        return JsonSerializer.Deserialize<JsonElement>(made.RequestOptionsJson);
    }

    /// The passkey that was made, or null when this is not the answer to a challenge that is still open for this person.
    public async Task<UserPasskeyInfo?> Check(NewCredential credential, Guid person, HttpContext http, CancellationToken ct)
    {
        if (await challenges.Take(Challenges.Adding(person), credential.Response.ClientData, ct) is not { } state) return null;

        using var users = Users(ct);
        var result = await Handler(users).PerformAttestationAsync(new() { HttpContext = http, CredentialJson = credential.Json(), AttestationState = state });
        return result.Succeeded ? result.Passkey : Refused<UserPasskeyInfo>(result.Failure);
    }

    /// The passkey that was used, as it is to be kept now, and whose it is; null when anything about it is wrong.
    public async Task<(UserPasskeyInfo Passkey, Holder Holder)?> Check(UsedCredential credential, HttpContext http, CancellationToken ct)
    {
        if (await challenges.Take(Challenges.SignIn, credential.Response.ClientData, ct) is not { } state) return null;

        using var users = Users(ct);
        var result = await Handler(users).PerformAssertionAsync(new() { HttpContext = http, CredentialJson = credential.Json(), AssertionState = state });
        if (result.Succeeded) return (result.Passkey, result.User);
        Refused<Holder>(result.Failure);
        return null;
    }

    /// The framework takes every exception for the device's fault. That a server is away is not.
    private T? Refused<T>(PasskeyException failure) where T : class
    {
        if (failure.InnerException is DependencyDownException down) throw down;
        LogRefused(failure.Message);
        return null;
    }

    private PasskeyHandler<Holder> Handler(UserManager<Holder> users) => new(users, options);

    // Of all that it can manage, it only reads: no passwords, no validators, no tokens.
    private UserManager<Holder> Users(CancellationToken ct) =>
        new(new PasskeyStore(db, ct), null!, null!, [], [], null!, new IdentityErrorDescriber(), null!, logs.CreateLogger<UserManager<Holder>>());

    [LoggerMessage(LogLevel.Information, "A passkey was refused: {Reason}")]
    private partial void LogRefused(string reason);
}
