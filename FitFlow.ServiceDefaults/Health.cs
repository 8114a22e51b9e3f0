using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FitFlow.ServiceDefaults;

/// <summary>
/// <c>/health</c>: the process lives. <c>/health/ready</c>: what it needs answers (checks tagged <see cref="Ready"/>); degraded still is 200.
/// </summary>
public static class Health
{
    public const string Ready = "ready";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    internal static void AddHealth(this WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks();

        // Who asks whether we are ready wants an answer, also when what we need hangs.
        builder.Services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations.Where(check => check.Timeout == Timeout.InfiniteTimeSpan)) check.Timeout = Patience;
        });
    }

    internal static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health", Answering(_ => false)).Public().DisableHttpMetrics();
        app.MapHealthChecks("/health/ready", Answering(check => check.Tags.Contains(Ready))).Public().DisableHttpMetrics();
    }

    private static HealthCheckOptions Answering(Func<HealthCheckRegistration, bool> checks) => new() { Predicate = checks, ResponseWriter = Write };

    private static Task Write(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new Answer(
            Name(report.Status),
            report.Entries.ToDictionary(entry => entry.Key, entry => new Check(Name(entry.Value.Status), Reason(entry.Value)), StringComparer.Ordinal)),
        Json.Options, context.RequestAborted);

    // The message only: what the exception carries besides is for the log.
    private static string? Reason(HealthReportEntry entry) => entry.Description ?? entry.Exception?.Message;

    private static string Name(HealthStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    private sealed record Answer(string Status, IReadOnlyDictionary<string, Check> Checks);

    private sealed record Check(string Status, string? Reason);
}
