using FitFlow.ServiceDefaults;
using FitFlow.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Keys;

internal static class Keys
{
    public static void AddKeys(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<KeyRows>();
        builder.Services.AddSingleton<SigningKeys>();
        builder.Services.AddSingleton<IKeySource>(services => services.GetRequiredService<SigningKeys>());
        builder.Services.AddSingleton<AccessTokens>();
        builder.Services.AddSingleton(builder.Configuration.GetSection("Keys").Get<KeySettings>() ?? new KeySettings());
        builder.Services.AddHostedService<KeyRotation>();
    }

    public static void MapKeyRotation(this IEndpointRouteBuilder routes) => routes.MapPost("/keys/rotate", RotateKeys.Handle).Allow(Role.Admin);

    public static void MapKeys(this IEndpointRouteBuilder routes) => routes.MapGet("/.well-known/jwks.json", Published).Public();

    private static async Task<Ok<JwkSet>> Published(SigningKeys keys, HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(await keys.Published(ct));
    }
}
