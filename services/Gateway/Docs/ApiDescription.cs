using System.Text.Json;
using System.Text.Json.Nodes;
using FitFlow.Gateway.Routing;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FitFlow.Gateway.Docs;

/// What every service says of itself, made one and kept for a while. A service that is down is left out, and asked again soon.
internal sealed partial class ApiDescription(
    IHttpClientFactory clients, ServiceAddresses addresses, [FromKeyedServices(Routes.Version)] IOpenApiDocumentProvider own, TimeProvider clock, ILogger<ApiDescription> logger)
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PartialGoodFor = TimeSpan.FromSeconds(5);

    private readonly Lock _starting = new();
    private Task<byte[]> _description = Task.FromResult<byte[]>([]);
    private DateTimeOffset _goodUntil = DateTimeOffset.MinValue;

    public Task<byte[]> Get(CancellationToken ct)
    {
        lock (_starting)
        {
            if (_description.IsFaulted || (_description.IsCompleted && clock.GetUtcNow() >= _goodUntil)) _description = Task.Run(Read, CancellationToken.None);
            return _description.WaitAsync(ct);
        }
    }

    private async Task<byte[]> Read()
    {
        var reading = Routes.AllServices.Where(service => addresses.Of(service).Count > 0).Select(async service => (service, await ReadOne(service))).ToList();
        var documents = new List<(string Service, JsonNode Document)> { ("gateway", await ReadOwn()) };
        var missing = new List<string>();
        foreach (var (service, document) in await Task.WhenAll(reading))
        {
            if (document is null) missing.Add(service);
            else documents.Add((service, document));
        }

        var merged = MergedDescription.Of(documents, missing);
        _goodUntil = clock.GetUtcNow() + (missing.Count == 0 ? GoodFor : PartialGoodFor);
        return JsonSerializer.SerializeToUtf8Bytes(merged);
    }

    private async Task<JsonNode?> ReadOne(string service)
    {
        try
        {
            using var http = clients.CreateClient(nameof(ApiDescription));
            return JsonNode.Parse(await http.GetByteArrayAsync($"http://{service}/openapi/{Routes.Version}.json")) is JsonObject document ? document : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException)
        {
            LogMissing(service, exception.Message);
            return null;
        }
    }

    private async Task<JsonNode> ReadOwn() =>
        JsonNode.Parse(await (await own.GetOpenApiDocumentAsync()).SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1))!;

    [LoggerMessage(LogLevel.Warning, "{Service} did not describe itself: {Why}")]
    private partial void LogMissing(string service, string why);
}
