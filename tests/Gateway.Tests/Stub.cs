using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using FitFlow.ServiceDefaults;
using FitFlow.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace FitFlow.Gateway.Tests;

/// What a service saw of a request.
public sealed record Seen(string Service, string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body);

/// A service behind the gateway that answers as the test says, and remembers what it was asked. As identity it also publishes the key that
/// people's tokens are signed with here, and gives the gateway itself what it asks for: its token, and what is denied, which is nobody.
public sealed class Stub : IAsyncDisposable
{
    public const string ServiceSecret = "the-secret-of-the-gateway";

    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly Jwk Published = Jwk.From(Key);

    private static readonly string OfGateway = Sign(Person() with { Subject = AccessToken.SubjectOf("gateway"), Email = null, Role = Role.None, SessionId = null });

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Seen> _seen = new();

    private Stub(string name, WebApplication app) => (Name, _app) = (name, app);

    public string Name { get; }

    public Uri Address => new(_app.Urls.Single());

    public IReadOnlyList<Seen> Seen => [.. _seen];

    public Seen Last => _seen.Last();

    public void Forget() => _seen.Clear();

    /// Answers 200 and what it saw, unless told otherwise.
    public static async Task<Stub> Start(string name, RequestDelegate? answer = null, Uri? at = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, at?.Port ?? 0));
        var app = builder.Build();
        var stub = new Stub(name, app);
        app.UseWebSockets();
        app.Run(async http =>
        {
            if (http.Request.Path == "/.well-known/jwks.json") await http.Response.WriteAsJsonAsync(new JwkSet([Published]));
            else if (http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)) http.Response.StatusCode = StatusCodes.Status200OK;
            else if (name == "identity" && await GiveGateway(http)) return;
            else await stub.Take(http, answer);
        });
        await app.StartAsync();
        return stub;
    }

    public static string Sign(AccessToken token) => TokenWriter.Write(token, Key, Published.KeyId!);

    public static AccessToken Person(Role role = Role.Client)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new AccessToken
        {
            Subject = Guid.CreateVersion7(now).ToString(),
            Email = "ann@example.org",
            Role = role,
            SessionId = Guid.CreateVersion7(now),
            TokenId = Guid.CreateVersion7(now).ToString(),
            Issuer = "fitflow-identity",
            Audience = "fitflow",
            IssuedAt = now,
            ExpiresAt = now.AddMinutes(15),
        };
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// Only to whoever knows its secret, or has the token for it: what came through the gateway is neither, and is seen.
    private static async Task<bool> GiveGateway(HttpContext http)
    {
        if (http.Request.Path == "/api/v1/auth/service-token" && HttpMethods.IsPost(http.Request.Method))
        {
            http.Request.EnableBuffering();
            var body = await new StreamReader(http.Request.Body, leaveOpen: true).ReadToEndAsync();
            http.Request.Body.Position = 0;
            if (!body.Contains(ServiceSecret, StringComparison.Ordinal)) return false;
            await http.Response.WriteAsJsonAsync(new { AccessToken = OfGateway, ExpiresIn = 900 }, Json.Options);
            return true;
        }

        if (http.Request.Path != "/internal/denials" || http.Request.Headers.Authorization != $"Bearer {OfGateway}") return false;
        await http.Response.WriteAsJsonAsync(new DenialPage([], Next: 0), Json.Options);
        return true;
    }

    private async Task Take(HttpContext http, RequestDelegate? answer)
    {
        var body = http.WebSockets.IsWebSocketRequest ? "" : await new StreamReader(http.Request.Body).ReadToEndAsync();
        var headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var seen = new Seen(Name, http.Request.Method, http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, headers, body);
        _seen.Enqueue(seen);
        if (answer is not null) await answer(http);
        else await http.Response.WriteAsJsonAsync(seen);
    }
}
