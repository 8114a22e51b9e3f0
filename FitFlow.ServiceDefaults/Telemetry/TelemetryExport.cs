using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FitFlow.ServiceDefaults.Telemetry;

/// <summary>
/// Traces, metrics and logs over OTLP, from what the framework and our own libraries report. Everything about where and how much
/// is OpenTelemetry's own configuration (OTEL_*); without an endpoint nothing is collected.
/// </summary>
internal static class TelemetryExport
{
    // Not the driver's nor the bus's own spans: Data traces statements and events itself, without values and in the trace of their cause.
    private static readonly string[] Sources = ["Microsoft.AspNetCore", "System.Net.Http", "FitFlow.*"];

    private static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections",
        "System.Net.Http", "System.Runtime", "MassTransit", "connector-net", "FitFlow.*",
    ];

    public static void AddTelemetryExport(this WebApplicationBuilder builder, string service)
    {
        if (!HasEndpoint(builder.Configuration)) return;

        builder.Services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton<IConfiguration>(builder.Configuration))
            .ConfigureResource(resource => Describe(resource, service, builder.Configuration))
            .AddSource(Sources)
            .AddProcessor(new CorrelationOnSpans())
            .AddProcessor(new SecretsOffSpans())
            .AddOtlpExporter()
            .Build());
        builder.Services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton<IConfiguration>(builder.Configuration))
            .ConfigureResource(resource => Describe(resource, service, builder.Configuration))
            .AddMeter(Meters)
            .AddOtlpExporter()
            .Build());
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.ParseStateValues = true;
            var resource = ResourceBuilder.CreateDefault();
            Describe(resource, service, builder.Configuration);
            logs.SetResourceBuilder(resource).AddProcessor(new CorrelationOnLogs()).AddOtlpExporter();
        });
        builder.Services.AddHostedService<Flush>();
    }

    private static bool HasEndpoint(IConfiguration configuration) =>
        new[] { "", "TRACES_", "METRICS_", "LOGS_" }.Any(signal => !string.IsNullOrWhiteSpace(configuration[$"OTEL_EXPORTER_OTLP_{signal}ENDPOINT"]));

    private static void Describe(ResourceBuilder resource, string service, IConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(configuration["OTEL_SERVICE_NAME"])) resource.AddService(service, "FitFlow");
    }

    /// <summary>Starts the providers with the service, and sends what they still hold when all else has stopped.</summary>
    private sealed class Flush(TracerProvider traces, MeterProvider metrics, LoggerProvider logs) : LifecycleService
    {
        private const int Patience = 3_000;

        public override Task StoppedAsync(CancellationToken cancellationToken) => Task.WhenAll(
            Task.Run(() => traces.Shutdown(Patience), CancellationToken.None),
            Task.Run(() => metrics.Shutdown(Patience), CancellationToken.None),
            Task.Run(() => logs.Shutdown(Patience), CancellationToken.None));
    }

    private sealed class CorrelationOnSpans : BaseProcessor<Activity>
    {
        public override void OnStart(Activity data)
        {
            if (Correlation.Current is { } correlation) data.SetTag("correlation_id", correlation.Id);
        }
    }

    private sealed class CorrelationOnLogs : BaseProcessor<LogRecord>
    {
        public override void OnEnd(LogRecord data)
        {
            if (Correlation.Current is not { } correlation) return;
            data.Attributes = [.. data.Attributes ?? [], new KeyValuePair<string, object?>("correlation_id", correlation.Id)];
        }
    }
}
