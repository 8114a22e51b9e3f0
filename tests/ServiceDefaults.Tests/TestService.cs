using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using FitFlow.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FitFlow.ServiceDefaults.Tests;

/// <summary>A service of a few routes, on a real Kestrel, that takes tokens signed by a key of its own.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private TestService(WebApplication app)
    {
        App = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    public static async Task<TestService> Start(
        Action<WebApplication> routes, Action<WebApplicationBuilder>? configure = null, string name = "trial", string url = "http://127.0.0.1:0")
    {
        var app = Build(routes, configure, name, url);
        await app.StartAsync();
        return new TestService(app);
    }

    public static WebApplication Build(
        Action<WebApplication> routes, Action<WebApplicationBuilder>? configure = null, string name = "trial", string url = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.WebHost.UseUrls(url);
        builder.Services.AddSingleton<IKeySource>(Signer.Default);
        builder.Services.AddSingleton<IDenials>(new NoDenials());
        foreach (var category in new[] { "Default", "Microsoft.AspNetCore", "Microsoft.Extensions", "Microsoft.Hosting.Lifetime" })
            builder.Configuration[$"Logging:LogLevel:{category}"] = "None";
        configure?.Invoke(builder);
        builder.AddFitFlowDefaults(name);
        var app = builder.Build();
        app.MapFitFlowDefaults();
        routes(app);
        return app;
    }

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body = null, AccessToken? token = null, Guid? studio = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body, options: Json.Options);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Signer.Default.Sign(token));
        if (studio is { } id) request.Headers.Add("X-Studio-Id", id.ToString());
        return await Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> Get(string path, AccessToken? token = null, Guid? studio = null) =>
        Send(HttpMethod.Get, path, token: token, studio: studio);

    public Task<HttpResponseMessage> Post(string path, object? body, AccessToken? token = null) => Send(HttpMethod.Post, path, body, token);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
    }
}

/// <summary>A key pair, as Identity would hold one.</summary>
internal sealed class Signer : IKeySource
{
    private bool _withdrawn;

    public static Signer Default { get; } = new();

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Kid => field ??= Jwk.From(Key).KeyId!;

    public VerificationKey Public => field ??= new VerificationKey(Key);

    public ValueTask<VerificationKey?> Find(string kid, CancellationToken ct) => new(kid == Kid && !_withdrawn ? Public : null);

    public void Withdraw() => _withdrawn = true;

    public string Sign(AccessToken token) => TokenWriter.Write(token, Key, Kid);
}

/// <summary>There is no Identity here, unless a test says so.</summary>
internal sealed class NoDenials : IDenials
{
    public string Source => "nobody";

    public bool CanBeAsked => false;

    public Task<DenialPage> Since(long after, CancellationToken ct) => throw new NotSupportedException();
}

internal static class Given
{
    public static AccessToken Person(Role role = Role.Client, params Membership[] studios)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new AccessToken
        {
            Subject = Guid.CreateVersion7(now).ToString(),
            Email = "ann@example.org",
            Role = role,
            Studios = studios,
            SessionId = Guid.CreateVersion7(now),
            TokenId = Guid.CreateVersion7(now).ToString(),
            Issuer = "fitflow-identity",
            Audience = "fitflow",
            IssuedAt = now,
            ExpiresAt = now.AddMinutes(15),
        };
    }

    public static AccessToken Service(string name)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new AccessToken
        {
            Subject = $"service:{name}",
            TokenId = Guid.CreateVersion7(now).ToString(),
            Issuer = "fitflow-identity",
            Audience = "fitflow",
            IssuedAt = now,
            ExpiresAt = now.AddMinutes(15),
        };
    }
}

internal static class Answers
{
    public static async Task<JsonElement> Json(this HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>();

    /// <summary>The response is a problem of that status and code, with a correlation id and nothing of our insides.</summary>
    public static async Task<JsonElement> ShouldBeProblem(this HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal(response.Headers.GetValues("X-Correlation-Id").Single(), problem.GetProperty("correlation_id").GetString());
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("FitFlow", text, StringComparison.Ordinal);
        return problem;
    }
}
