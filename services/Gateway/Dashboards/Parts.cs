using System.Net;
using System.Text.Json;
using FitFlow.ServiceDefaults;

namespace FitFlow.Gateway.Dashboards;

/// What a service contributed, or why it did not: it refused, or there was nothing to be had of it.
internal sealed record Part(JsonElement? Value, HttpStatusCode? Refusal, string? Problem)
{
    public static Part Missing { get; } = new(Value: null, Refusal: null, Problem: null);

    /// A list's items, whatever page of it this is.
    public JsonElement? Items => Value is { ValueKind: JsonValueKind.Object } list && list.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array ? data : null;
}

/// Asks services for parts of a page, with the caller's own token: each decides for itself what the caller may see.
internal sealed class Parts(IHttpClientFactory clients, ServiceAddresses addresses)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32 };

    public async Task<Part> Ask(string service, string address, CancellationToken ct)
    {
        if (addresses.Of(service).Count == 0) return Part.Missing;

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            using var http = clients.CreateClient(service);
            using var answer = await http.GetAsync(address, patience.Token);
            var body = await answer.Content.ReadAsByteArrayAsync(patience.Token);
            if (!answer.IsSuccessStatusCode) return new Part(Value: null, answer.StatusCode, CodeIn(body));

            using var json = JsonDocument.Parse(body, Strict);
            return new Part(json.RootElement.Clone(), Refusal: null, Problem: null);
        }
        catch (Exception exception) when (exception is DependencyDownException or JsonException || (exception is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return Part.Missing;
        }
    }

    private static string? CodeIn(byte[] problem)
    {
        try
        {
            using var json = JsonDocument.Parse(problem, Strict);
            return json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String
                ? code.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null; // It refused without saying why in our words.
        }
    }
}
