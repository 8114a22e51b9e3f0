using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace FitFlow.ServiceDefaults.Tokens;

/// <summary>What was denied, and where to go on from when asking the next time.</summary>
public sealed record DenialPage(IReadOnlyList<DeniedTokens> Data, long Next);

/// <summary>Where the truth about denials is: Identity for most, its own database for Identity.</summary>
public interface IDenials
{
    /// <summary>Whom to name when it does not answer.</summary>
    string Source { get; }

    /// <summary>Whether this process can ask at all; one that was never told where Identity is cannot verify tokens either.</summary>
    bool CanBeAsked { get; }

    /// <summary>
    /// What was denied since <paramref name="after"/>, all of it since 0, and perhaps what is known already.
    /// Throws <see cref="DependencyDownException"/> when that cannot be known.
    /// </summary>
    Task<DenialPage> Since(long after, CancellationToken ct);
}

/// <summary>Asks Identity, as the service that this is.</summary>
internal sealed class RemoteDenials(Func<HttpClient> connect, ServiceTokens tokens, ServiceAddresses addresses) : IDenials
{
    public string Source => "identity";

    public bool CanBeAsked
    {
        get
        {
            if (addresses.Of(Source).Count == 0) return false;
            tokens.Check();
            return true;
        }
    }

    public async Task<DenialPage> Since(long after, CancellationToken ct)
    {
        var token = await tokens.Get(ct);
        try
        {
            using var http = connect();
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://identity/internal/denials?since={after}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await http.SendAsync(request, ct);
            if (response.StatusCode == System.Net.HttpStatusCode.Unauthorized) tokens.Forget(token);
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadFromJsonAsync<DenialPage>(Json.Options, ct) ?? throw new JsonException("An empty page.");
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            throw new DependencyDownException(Source, exception);
        }
    }
}
