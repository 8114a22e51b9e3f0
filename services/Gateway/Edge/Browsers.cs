using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace FitFlow.Gateway.Edge;

/// Which pages of other origins may call: <c>Cors:Origins</c>, a list. None by default but, in development, the web app's.
internal static class Browsers
{
    private const string Setting = "Cors:Origins";
    private const string WebInDevelopment = "http://localhost:3000";

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    private static readonly string[] Asked =
        ["Authorization", "Content-Type", "Accept-Language", "If-Match", "If-None-Match", "Idempotency-Key", "X-Correlation-Id", "X-CSRF-Token", "X-Requested-With", "X-Studio-Id"];

    private static readonly string[] Told =
        ["Content-Disposition", "ETag", "Idempotency-Replayed", "Location", "Retry-After", "RateLimit-Limit", "RateLimit-Policy", "RateLimit-Remaining", "RateLimit-Reset", "X-Correlation-Id"];

    public static void AddBrowsers(this WebApplicationBuilder builder)
    {
        builder.Services.AddCors();
        builder.Services.AddHostedService<Check>();
        builder.Services.AddOptions<CorsOptions>().Configure<IConfiguration, IHostEnvironment>((cors, configuration, environment) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. Listed(configuration, environment).Where(IsOrigin)])
            .WithMethods(Methods)
            .WithHeaders(Asked)
            .WithExposedHeaders(Told)
            .AllowCredentials()
            .SetPreflightMaxAge(TimeSpan.FromMinutes(10))));
    }

    private static string[] Listed(IConfiguration configuration, IHostEnvironment environment) => (configuration[Setting] ?? (environment.IsDevelopment() ? WebInDevelopment : ""))
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https") && uri.GetLeftPart(UriPartial.Authority) == text;

    private sealed class Check(IConfiguration configuration, IHostEnvironment environment) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) =>
            Array.Find(Listed(configuration, environment), listed => !IsOrigin(listed)) is { } wrong
                ? throw new CannotStartException($"{Setting} has '{wrong}', which is no origin such as https://app.example.org.")
                : Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
