using System.Text.Json;
using FitFlow.ServiceDefaults.Telemetry;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FitFlow.ServiceDefaults.Tests.Telemetry;

public sealed class ConsoleLinesTests
{
    [Fact]
    public void ForEyesAnEntryIsOneLineWithItsServiceAndCorrelation()
    {
        Correlation.Begin(new Correlation("trip-1"));
        var line = Write("Development", "Ann\r\nFAKE: all is well\u001b[2J", new InvalidOperationException("broken\npipe"));
        Assert.Single(line.TrimEnd('\n').Split('\n'));
        Assert.Contains(" WARN trial Sign: Ann ⏎ FAKE: all is well [2J signs [trip-1] ⏎ System.InvalidOperationException: broken ⏎ pipe", line, StringComparison.Ordinal);
    }

    [Fact]
    public void InProductionItIsOneLineOfJson()
    {
        Correlation.Begin(new Correlation("trip-2"));
        var line = Write("Production", "Ann\nB", new InvalidOperationException("broken"));
        Assert.Single(line.TrimEnd('\n').Split('\n'));
        var entry = JsonDocument.Parse(line).RootElement;
        Assert.Equal("Ann\nB signs", entry.GetProperty("message").GetString());
        Assert.Equal("trip-2", entry.GetProperty("correlation_id").GetString());
        Assert.Equal("trial", entry.GetProperty("service").GetString());
        Assert.Equal("WARN", entry.GetProperty("level").GetString());
        Assert.Equal("Ann\nB", entry.GetProperty("fields").GetProperty("Name").GetString());
        Assert.StartsWith("System.InvalidOperationException: broken", entry.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    private static string Write(string environment, string name, Exception exception)
    {
        using var writer = new StringWriter();
        var lines = new Lines(new ConsoleLines(new ServiceName("trial"), TimeProvider.System, new Surroundings(environment)), writer);
        lines.LogWarning(exception, "{Name} signs", name);
        return writer.ToString();
    }

    /// <summary>A logger that writes through the formatter, as the console does.</summary>
    private sealed class Lines(ConsoleLines formatter, StringWriter writer) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> format) =>
            formatter.Write(new LogEntry<TState>(logLevel, "FitFlow.Sign", eventId, state, exception, format), scopeProvider: null, writer);
    }

    private sealed class Surroundings(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "trial";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
