using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace FitFlow.ServiceDefaults.Tokens;

/// <summary>
/// The token that says which service this is, for calls that no person started: had from Identity for this service's own secret
/// (<c>ServiceTokens:Secret</c>), used until shortly before its end, and renewed in the background before that.
/// </summary>
public sealed partial class ServiceTokens(ServiceName self, string? secret, Func<HttpClient> connect, TimeProvider clock, ILogger<ServiceTokens> logger)
{
    public const string Address = "http://identity/api/v1/auth/service-token";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenFailures = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(30);

    private readonly Lock _starting = new();
    private Task _fetching = Task.CompletedTask;
    private volatile Held? _held;
    private volatile Exception? _failure;
    private DateTimeOffset _nextFetch = DateTimeOffset.MinValue;

    /// <summary>Whether this service has a secret; Identity has none, and needs none.</summary>
    public bool CanBeHad => !string.IsNullOrEmpty(secret);

    /// <summary>The token. Throws <see cref="DependencyDownException"/> when there is none and Identity gives none.</summary>
    public ValueTask<string> Get(CancellationToken ct)
    {
        Check();
        var now = clock.GetUtcNow();
        if (_held is not { } held || now >= held.GoodUntil) return FetchAndGet(ct);
        if (now >= held.RenewAt) _ = Fetch();
        return new ValueTask<string>(held.Token);
    }

    /// <summary>Somebody did not take it: the next call gets another.</summary>
    public void Forget(string token)
    {
        if (_held is { } held && held.Token == token) _held = null;
    }

    internal void Check()
    {
        if (!CanBeHad) throw new CannotStartException($"{self} has no secret for its tokens: ServiceTokens__Secret is not set.");
    }

    private async ValueTask<string> FetchAndGet(CancellationToken ct)
    {
        await Fetch().WaitAsync(ct);
        return _held is { } held && clock.GetUtcNow() < held.GoodUntil ? held.Token : throw new DependencyDownException("identity", _failure);
    }

    /// <summary>One at a time, whose outcome is everybody's who waits; none at all too soon after a failure.</summary>
    private Task Fetch()
    {
        lock (_starting)
        {
            if (_fetching.IsCompleted && clock.GetUtcNow() >= _nextFetch) _fetching = Task.Run(Read);
            return _fetching;
        }
    }

    private async Task Read()
    {
        var now = clock.GetUtcNow();
        try
        {
            using var timeout = new CancellationTokenSource(Patience, clock);
            using var http = connect();
            using var response = await http.PostAsJsonAsync(Address, new Asked(self.Value, secret!), Json.Options, timeout.Token);
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) LogRefused(self.Value, (int)response.StatusCode);
            response.EnsureSuccessStatusCode();
            var given = await response.Content.ReadFromJsonAsync<Given>(Json.Options, timeout.Token) ?? throw new JsonException("An empty answer.");
            var lifetime = TimeSpan.FromSeconds(given.ExpiresIn);
            _held = new Held(given.AccessToken, now + (lifetime * 0.8), now + lifetime - Reserve);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException)
        {
            _nextFetch = clock.GetUtcNow() + BetweenFailures;
            _failure = exception;
            LogUnavailable(exception);
        }
    }

    [LoggerMessage(LogLevel.Error, "Identity refuses the secret of {Service} ({Status}): it and ServiceTokens__Clients__{Service} at Identity are to be the same")]
    private partial void LogRefused(string service, int status);

    [LoggerMessage(LogLevel.Warning, "No new service token; going on with the one at hand, if any")]
    private partial void LogUnavailable(Exception exception);

    private sealed record Asked(string ClientId, string ClientSecret);

    private sealed record Given(string AccessToken, int ExpiresIn);

    private sealed record Held(string Token, DateTimeOffset RenewAt, DateTimeOffset GoodUntil);
}
