using System.Collections.Concurrent;
using FitFlow.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FitFlow.ServiceDefaults.Tests.Tokens;

/// <summary>What services ask Identity for, with a switch in front: keys, tokens for themselves, denials; and one route that is served to anybody.</summary>
internal sealed class TrialIdentity : IAsyncDisposable
{
    public const string Secret = "the secret of trial";

    private readonly ConcurrentQueue<(long Seq, DeniedTokens Denied)> _denied = new();
    private TestService _service = null!;
    private int _tokens;
    private long _seq;

    private sealed record Asked(string ClientId, string ClientSecret);

    public CuttableProxy Proxy { get; private set; } = null!;

    public int Tokens => _tokens;

    public ConcurrentQueue<string> Callers { get; } = new();

    public static async Task<TrialIdentity> Start(Signer? people = null)
    {
        var identity = new TrialIdentity();
        identity._service = await TestService.Start(
            app =>
            {
                app.MapGet("/.well-known/jwks.json", () => new JwkSet([Jwk.From(Signer.Default.Key), .. people is null ? [] : new[] { Jwk.From(people.Key) }])).Public();
                app.MapGet("/api/v1/users/me", () => "served").Public();
                app.MapPost("/api/v1/auth/service-token", (Asked asked) => identity.Token(asked)).Public();
                app.MapGet("/internal/denials", (Caller caller, long since) => identity.Since(caller, since)).AllowServices(AccessRules.AnyService);
            },
            name: "identity");
        identity.Proxy = CuttableProxy.To("127.0.0.1", identity._service.Client.BaseAddress!.Port);
        return identity;
    }

    public void Deny(DeniedTokens denied) => _denied.Enqueue((Interlocked.Increment(ref _seq), denied));

    /// <summary>Says to a service where this is, and who the service is.</summary>
    public void Introduce(WebApplicationBuilder builder)
    {
        builder.Services.RemoveAll<IDenials>();
        builder.Configuration["services:identity:http:0"] = $"http://{Proxy.Address}";
        builder.Configuration["ServiceTokens:Secret"] = Secret;
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await _service.DisposeAsync();
    }

    private IResult Token(Asked asked)
    {
        var number = Interlocked.Increment(ref _tokens);
        return asked.ClientSecret == Secret
            ? Results.Json(new { AccessToken = Signer.Default.Sign(Given.Service(asked.ClientId) with { TokenId = $"{number}" }), ExpiresIn = 900 }, Json.Options)
            : Results.Unauthorized();
    }

    private DenialPage Since(Caller caller, long since)
    {
        Callers.Enqueue(caller.Service!);
        return new DenialPage([.. _denied.Where(denied => denied.Seq > since).Select(denied => denied.Denied)], Volatile.Read(ref _seq));
    }
}
