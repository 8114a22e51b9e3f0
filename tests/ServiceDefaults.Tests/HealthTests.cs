using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FitFlow.ServiceDefaults.Tests;

public sealed class HealthTests
{
    private HealthCheckResult _database = HealthCheckResult.Healthy();

    [Fact]
    public async Task LivingNeedsNobodyAndReadinessSaysWhoIsMissing()
    {
        await using var service = await Start();
        Assert.Equal("healthy", await StatusOf(service, "/health", 200));
        Assert.Equal("healthy", await StatusOf(service, "/health/ready", 200));

        _database = HealthCheckResult.Degraded("slow");
        Assert.Equal("degraded", await StatusOf(service, "/health/ready", 200));

        _database = HealthCheckResult.Unhealthy("The schema is behind: 0004_rooms.sql is missing.", new InvalidOperationException("secret"));
        var response = await service.Get("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var check = (await response.Json()).GetProperty("checks").GetProperty("database");
        Assert.Equal("unhealthy", check.GetProperty("status").GetString());
        Assert.Equal("The schema is behind: 0004_rooms.sql is missing.", check.GetProperty("reason").GetString());
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("healthy", await StatusOf(service, "/health", 200));
    }

    [Fact]
    public async Task WithoutRedisAServiceStartsAndIsDegraded()
    {
        var (proxy, connectionString) = CuttableProxy.For(Servers.Redis);
        await using var _ = proxy;
        proxy.Cut();
        await using var service = await TestService.Start(_ => { }, builder => builder.Configuration["ConnectionStrings:redis"] = connectionString);
        Assert.Equal("degraded", await StatusOf(service, "/health/ready", 200));
        proxy.Restore();
        await Eventually.Holds(async () => await StatusOf(service, "/health/ready", 200) == "healthy", "it is ready");
    }

    [Fact]
    public async Task AskedToStopItSaysSoServesOnAndFinishesWhatItBegan()
    {
        var release = new TaskCompletionSource<string>();
        var begun = new TaskCompletionSource();
        await using var service = await Start(
            app => app.MapGet("/slow", () =>
            {
                begun.SetResult();
                return release.Task;
            }).Public(),
            ("Shutdown:Delay", "00:00:05"));
        var slow = service.Client.GetStringAsync("/slow");
        await begun.Task;

        var stopping = service.App.StopAsync();
        await Eventually.Holds(async () => (await service.Get("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable, "it is not ready");
        Assert.Equal("healthy", await StatusOf(service, "/health", 200));
        release.SetResult("done");
        Assert.Equal("done", await slow);
        await stopping;
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => service.Client.GetAsync("/health"));
    }

    [Fact]
    public async Task WhatNeverEndsIsNotWaitedForForever()
    {
        var begun = new TaskCompletionSource();
        await using var service = await Start(
            app => app.MapGet("/endless", async (CancellationToken ct) =>
            {
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, ct);
            }).Public(),
            ("Shutdown:Limit", "00:00:00.200"));
        var endless = service.Client.GetAsync("/endless");
        await begun.Task;
        await service.App.StopAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => endless);
    }

    private Task<TestService> Start(Action<WebApplication>? routes = null, params (string Key, string Value)[] settings) => TestService.Start(
        app => routes?.Invoke(app),
        builder =>
        {
            builder.Services.AddHealthChecks().AddCheck("database", () => _database, [Health.Ready]);
            foreach (var (key, value) in settings) builder.Configuration[key] = value;
        });

    private static async Task<string?> StatusOf(TestService service, string path, int status)
    {
        var response = await service.Get(path);
        Assert.Equal(status, (int)response.StatusCode);
        return (await response.Json()).GetProperty("status").GetString();
    }
}
