using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Identity;

namespace FitFlow.Identity.Features.Passkeys;

/// Whom passkeys are made for: a domain, for good, and the pages on it that may use them.
internal sealed class RelyingParty
{
    private const string ThisMachine = "localhost";

    private readonly HashSet<string> _origins;

    public RelyingParty(IConfiguration configuration)
    {
        var web = Uri.TryCreate(configuration["Web:Address"], UriKind.Absolute, out var address)
            ? address
            : throw new CannotStartException("Web__Address is not set: passkeys belong to its domain.");
        Domain = configuration["Passkeys:Domain"] is { Length: > 0 } domain ? domain : web.Host;
        if (web.Host != Domain && !web.Host.EndsWith($".{Domain}", StringComparison.Ordinal))
            throw new CannotStartException($"Passkeys__Domain is {Domain}, and Web__Address is not on it: browsers would refuse every passkey.");

        _origins = new((configuration.GetSection("Web:Origins").Get<string[]>() ?? []).Append(web.GetLeftPart(UriPartial.Authority)).Select(origin => origin.TrimEnd('/')), StringComparer.Ordinal);
    }

    public string Domain { get; }

    public void Configure(IdentityPasskeyOptions options)
    {
        options.ServerDomain = Domain;
        options.ChallengeSize = Challenges.Size;
        options.AuthenticatorTimeout = Challenges.GoodFor;
        // Kept on the device with the person's handle, so that nobody types who they are; and unlocked by its owner, so that it counts for two factors.
        options.ResidentKeyRequirement = "required";
        options.UserVerificationRequirement = "required";
        // Who made the device is none of our business.
        options.AttestationConveyancePreference = "none";
        options.ValidateOrigin = page => ValueTask.FromResult(!page.CrossOrigin && Trusts(page.Origin));
    }

    /// On the developer's own machine any port will do: the web's moves on when it is taken.
    private bool Trusts(string origin) =>
        _origins.Contains(origin)
        || (Domain == ThisMachine && Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Host == ThisMachine && page.Scheme is "http" or "https");
}
