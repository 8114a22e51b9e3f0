using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Identity;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Identity.Features.Passkeys;

internal static class Passkeys
{
    public static void AddPasskeys(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RelyingParty>();
        // A domain that cannot work is said when the service starts.
        builder.Services.AddOptions<IdentityPasskeyOptions>().Configure<RelyingParty>((options, party) => party.Configure(options)).ValidateOnStart();
        builder.Services.AddSingleton<Challenges>();
        builder.Services.AddSingleton<WebAuthn>();
    }

    public static void MapPasskeys(this IEndpointRouteBuilder routes)
    {
        var passkeys = routes.MapGroup("/auth/passkeys");

        passkeys.MapPost("/sign-in/options", BeginSignIn.Handle).Public();
        passkeys.MapPost("/sign-in", SignInWithPasskey.Handle).Public();

        passkeys.MapPost("/options", BeginPasskey.Handle).Allow(Everyone);
        passkeys.MapPost("/", AddPasskey.Handle).Allow(Everyone);
        passkeys.MapGet("/", ListPasskeys.Handle).Allow(Everyone);
        passkeys.MapPut("/{id:guid}", RenamePasskey.Handle).Allow(Everyone);
        passkeys.MapDelete("/{id:guid}", RemovePasskey.Handle).Allow(Everyone);
    }
}
