using System.Diagnostics;
using FitFlow.ServiceDefaults.Tests.Calls;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FitFlow.ServiceDefaults.Tests.Telemetry;

public sealed class TelemetryTests
{
    private static readonly ActivitySource Ours = new("FitFlow.Trial");

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task WhatHappensArrivesAtTheCollectorWithTheCorrelationId(string protocol)
    {
        await using var collector = await Collector.Start(grpc: protocol == "grpc");
        var name = $"trial-{protocol[..4]}";
        var correlation = $"trip-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}";
        await using (var service = await Start(name, collector, protocol))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/outer/7?secret=1");
            request.Headers.Add("X-Correlation-Id", correlation);
            Assert.Equal(200, (int)(await service.Client.SendAsync(request)).StatusCode);
            await service.Client.GetAsync("/health");
            await service.Client.GetAsync("/health/ready");
        } // Stopping sends what is left.

        var spans = collector.Traces.Where(span => span.Service == name && span.Attributes.GetValueOrDefault("correlation_id") == correlation).ToList();
        Assert.Contains(spans, span => span.Name == "GET /outer/{id:int}" && span.Attributes["http.route"] == "/outer/{id:int}");
        Assert.Contains(spans, span => span.Name == "GET /inner");
        Assert.Contains(spans, span => span.Name == "think");
        Assert.Contains(spans, span => span.Name == "GET" && span.Attributes.ContainsKey("url.full"));
        Assert.Contains(spans, span => span.Name == "redis GET");
        Assert.DoesNotContain(spans, span => span.Attributes.Values.Any(value => value.Contains("secret", StringComparison.Ordinal)));
        Assert.DoesNotContain(collector.Traces, span => span.Service == name && span.Name.Contains("/health", StringComparison.Ordinal));

        var log = collector.Logs.Single(log => log.Service == name && log.Name == "Thinking of 7");
        Assert.Equal(correlation, log.Attributes["correlation_id"]);

        var metrics = collector.Metrics.Where(metric => metric.Service == name).Select(metric => metric.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(
            new HashSet<string>(["http.server.request.duration", "http.client.request.duration", "fitflow.calls.duration", "fitflow.calls.breaker",
                "fitflow.cache.requests", "dotnet.process.memory.working_set"], StringComparer.Ordinal),
            metrics);
        Assert.Equal("42", collector.Headers["x-otlp-api-key"]);
    }

    [Fact]
    public async Task HowMuchIsTracedIsConfigured()
    {
        await using var collector = await Collector.Start(grpc: false);
        await using (var service = await Start("trial-off", collector, "http/protobuf", ("OTEL_TRACES_SAMPLER", "always_off"), ("OTEL_SERVICE_NAME", "renamed")))
            await service.Client.GetStringAsync("/outer/8");
        Assert.DoesNotContain(collector.Traces, span => span.Service == "renamed");
        Assert.Contains(collector.Logs, log => log.Service == "renamed" && log.Name == "Thinking of 8");
    }

    [Fact]
    public async Task WithoutAnEndpointNothingIsCollected()
    {
        await using var service = await TestService.Start(_ => { });
        Assert.Null(service.App.Services.GetService<OpenTelemetry.Trace.TracerProvider>());
    }

    [Fact]
    public async Task ACollectorThatIsAwayHindersNobody()
    {
        await using var collector = await Collector.Start(grpc: false);
        var service = await Start("trial-away", collector, "http/protobuf");
        await collector.DisposeAsync();
        Assert.Equal("7", await service.Client.GetStringAsync("/inner"));
        await service.DisposeAsync();
    }

    private static async Task<TestService> Start(string name, Collector collector, string protocol, params (string Key, string Value)[] settings)
    {
        TestService? service = null;
        service = await TestService.Start(
            app =>
            {
                app.MapGet("/inner", () => "7").Public();
                app.MapGet("/outer/{id:int}", async (int id, CallTests.People self, Cache cache, Redis redis, ILogger<TelemetryTests> logger, CancellationToken ct) =>
                {
                    using var activity = Ours.StartActivity("think");
                    logger.LogInformation("Thinking of {Id}", id);
                    await redis.Get("nothing", ct);
                    await cache.GetOrAdd($"trial:{name}", TimeSpan.FromSeconds(1), _ => Task.FromResult(1), ct);
                    return await self.Inner(new Uri(service!.Client.BaseAddress!, "/inner"), ct);
                }).Public();
            },
            builder =>
            {
                builder.Services.AddServiceClient<CallTests.People>("self");
                builder.Configuration["ConnectionStrings:redis"] = Servers.Redis;
                builder.Configuration["Redis:Timeout"] = "00:00:20";
                builder.Configuration["Logging:LogLevel:FitFlow"] = "Information";
                builder.Configuration["Logging:Console:LogLevel:Default"] = "None";
                builder.Configuration["Logging:Console:LogLevel:FitFlow"] = "None";
                builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address;
                builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol;
                builder.Configuration["OTEL_EXPORTER_OTLP_HEADERS"] = "x-otlp-api-key=42";
                foreach (var (key, value) in settings) builder.Configuration[key] = value;
            },
            name);
        return service;
    }
}
