using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace FitFlow.Testing;

/// <summary>One span, metric or log record as it arrived.</summary>
public sealed record Reported(string Kind, string Service, string Name, IReadOnlyDictionary<string, string> Attributes, string TraceId = "");

/// <summary>Takes OTLP over HTTP or gRPC and reads as much of it as the tests ask for.</summary>
public sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Reported> _reported = new();

    private Collector(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public ConcurrentDictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<Reported> Traces => _reported.Where(found => found.Kind == "traces");

    public IEnumerable<Reported> Metrics => _reported.Where(found => found.Kind == "metrics");

    public IEnumerable<Reported> Logs => _reported.Where(found => found.Kind == "logs");

    public static async Task<Collector> Start(bool grpc)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var collector = new Collector(builder.Build());
        foreach (var (kind, grpcService) in new[] { ("traces", "trace.v1.Trace"), ("metrics", "metrics.v1.Metrics"), ("logs", "logs.v1.Logs") })
        {
            collector._app.MapPost($"/v1/{kind}", context => collector.Take(kind, context, prefix: 0));
            collector._app.MapPost($"/opentelemetry.proto.collector.{grpcService}Service/Export", context => collector.Take(kind, context, prefix: 5));
        }

        await collector._app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Take(string kind, HttpContext context, int prefix)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        foreach (var header in context.Request.Headers) Headers[header.Key] = header.Value.ToString();
        foreach (var resource in Fields(body.ToArray().AsMemory(prefix), 1)) Read(kind, resource);

        if (prefix == 0) return;
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private void Read(string kind, ReadOnlyMemory<byte> resource)
    {
        var service = Fields(resource, 1).Select(found => AttributesOf(found, 1)).First().GetValueOrDefault("service.name", "");
        foreach (var item in Fields(resource, 2).SelectMany(scope => Fields(scope, 2)))
        {
            _reported.Enqueue(kind switch
            {
                "traces" => new Reported(kind, service, Text(item, 5), AttributesOf(item, 9), Convert.ToHexStringLower(Fields(item, 1).First().Span)),
                "logs" => new Reported(kind, service, Text(Fields(item, 5).First(), 1), AttributesOf(item, 6)),
                _ => new Reported(kind, service, Text(item, 1), new Dictionary<string, string>(StringComparer.Ordinal)),
            });
        }
    }

    private static Dictionary<string, string> AttributesOf(ReadOnlyMemory<byte> message, int number)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in Fields(message, number))
        {
            var value = Fields(pair, 2).First();
            attributes[Text(pair, 1)] = Fields(value, 1).Select(text => Encoding.UTF8.GetString(text.Span)).FirstOrDefault() ?? "";
        }

        return attributes;
    }

    private static string Text(ReadOnlyMemory<byte> message, int number) =>
        Fields(message, number).Select(text => Encoding.UTF8.GetString(text.Span)).FirstOrDefault() ?? "";

    /// <summary>The length-delimited fields of that number. The others are stepped over.</summary>
    private static List<ReadOnlyMemory<byte>> Fields(ReadOnlyMemory<byte> message, int number)
    {
        var found = new List<ReadOnlyMemory<byte>>();
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint();
            switch (tag & 7)
            {
                case 0:
                    Varint();
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    var length = (int)Varint();
                    if (tag >> 3 == (ulong)number) found.Add(message.Slice(at, length));
                    at += length;
                    break;
            }
        }

        return found;

        ulong Varint()
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var next = message.Span[at++];
                value |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80) return value;
            }
        }
    }
}
