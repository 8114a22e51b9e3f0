using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace FitFlow.ServiceDefaults.Telemetry;

/// <summary>
/// The console: one line an entry, with the service and the correlation id; for eyes in development, JSON elsewhere. No entry can forge another,
/// since a line break inside one is written as ⏎.
/// </summary>
internal sealed class ConsoleLines(ServiceName service, TimeProvider clock, IHostEnvironment environment) : ConsoleFormatter(FormatName)
{
    public const string FormatName = "fitflow";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (environment.IsDevelopment()) WriteForEyes(logEntry, message, textWriter);
        else WriteJson(logEntry, message, textWriter);
        textWriter.Write('\n');
    }

    private void WriteForEyes<TState>(in LogEntry<TState> entry, string message, TextWriter writer)
    {
        writer.Write($"{clock.GetUtcNow():HH:mm:ss.fff} {LevelOf(entry.LogLevel)} {service} ");
        WriteOnOneLine(entry.Category[(entry.Category.LastIndexOf('.') + 1)..], writer);
        writer.Write(": ");
        WriteOnOneLine(message, writer);
        if (Correlation.Current is { } correlation) writer.Write($" [{correlation.Id}]");
        if (entry.Exception is null) return;
        writer.Write(" ⏎ ");
        WriteOnOneLine(entry.Exception.ToString(), writer);
    }

    private void WriteJson<TState>(in LogEntry<TState> entry, string message, TextWriter writer)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", clock.GetUtcNow());
            json.WriteString("level", LevelOf(entry.LogLevel));
            json.WriteString("service", service.Value);
            json.WriteString("category", entry.Category);
            json.WriteString("message", message);
            if (Correlation.Current is { } correlation) json.WriteString("correlation_id", correlation.Id);
            if (Activity.Current is { } activity) json.WriteString("trace_id", activity.TraceId.ToHexString());
            if (entry.Exception is not null) json.WriteString("exception", entry.Exception.ToString());
            WriteFields(entry.State, json);
            json.WriteEndObject();
        }

        writer.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void WriteFields<TState>(TState state, Utf8JsonWriter json)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> { Count: > 1 } fields) return;
        json.WriteStartObject("fields");
        foreach (var (name, value) in fields)
        {
            if (name != "{OriginalFormat}") json.WriteString(name, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
    }

    private static void WriteOnOneLine(string text, TextWriter writer)
    {
        var separator = "";
        foreach (var line in text.AsSpan().Trim().EnumerateLines())
        {
            writer.Write(separator);
            separator = " ⏎ ";
            foreach (var letter in line.Trim()) writer.Write(char.IsControl(letter) ? ' ' : letter);
        }
    }

    private static string LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "WARN",
        LogLevel.Error => "ERROR",
        _ => "FATAL",
    };
}

internal static class ConsoleLogs
{
    public static void AddConsoleLogs(this WebApplicationBuilder builder)
    {
        // Below whatever the service's own configuration says.
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Logging:LogLevel:Default"] = "Information",
                ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
                ["Logging:LogLevel:Microsoft.Extensions"] = "Warning",
                // At every probe, for as long as it lasts: /health/ready says it to whoever asks.
                ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None",
                ["Logging:LogLevel:System.Net.Http"] = "Warning",
            },
        });
        builder.Logging.AddConsole(console => console.FormatterName = ConsoleLines.FormatName);
        builder.Logging.AddConsoleFormatter<ConsoleLines, ConsoleFormatterOptions>();
    }
}
