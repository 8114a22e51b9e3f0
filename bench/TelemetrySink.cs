using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FitFlow.Bench;

/// <summary>Takes what the services report and forgets it, so that reporting costs them what it costs.</summary>
internal sealed class TelemetrySink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private long _bytes;

    private TelemetrySink(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public long Bytes => Interlocked.Read(ref _bytes);

    public static async Task<TelemetrySink> Start(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["URLS"] = "http://127.0.0.1:0";
        var sink = new TelemetrySink(builder.Build());
        sink._app.Run(sink.Take);
        await sink._app.StartAsync(ct);
        return sink;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Take(HttpContext http)
    {
        await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
        Interlocked.Add(ref _bytes, http.Request.ContentLength ?? 0);
    }
}
