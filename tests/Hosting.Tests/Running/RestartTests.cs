using System.Net;
using Aspire.Hosting;
using FitFlow.Hosting.Local.Processes;
using FitFlow.Hosting.Local.Running;

namespace FitFlow.Hosting.Tests.Running;

public sealed class RestartTests
{
    [Fact]
    public async Task AServiceThatIsKilledIsStartedAgainOnItsAddress()
    {
        await using var app = await LocalApplication.Start(builder => builder.AddEchoService("service"));
        await app.Healthy("service");
        using var client = app.Client("service");
        var before = await client.GetStringAsync("/pid");
        Assert.Equal(app.Pid("service").ToString(), before);

        Signal.Send(app.Pid("service"), Signal.Kill);

        await Eventually.Holds(async () => await Answer(client, "/pid") is { } now && now != before, "another process answers");
        await Eventually.Holds(() => app.Written("service")["health"]?.GetValue<string>() == "Healthy", "the service is healthy");
        Assert.Equal(1, app.Written("service")["restarts"]!.GetValue<int>());
    }

    [Fact]
    public async Task AServiceThatEndsByItselfIsStartedAgain()
    {
        await using var app = await LocalApplication.Start(builder => builder.AddEchoService("service"));
        await app.Healthy("service");
        using var client = app.Client("service");

        foreach (var _ in Enumerable.Range(0, 3))
        {
            var before = await Answer(client, "/pid");
            await Answer(client, "/exit/0", HttpMethod.Post);
            await Eventually.Holds(async () => await Answer(client, "/pid") is { } now && now != before, "another process answers");
            await Eventually.Holds(() => app.Written("service")["health"]?.GetValue<string>() == "Healthy", "the service is healthy");
        }

        Assert.Equal(3, app.Written("service")["restarts"]!.GetValue<int>());
    }

    [Fact]
    public async Task AProjectThatEndsAtItsStartSaysWhyInOneLine()
    {
        await using var app = await LocalApplication.Start(builder => builder.AddEchoService("service").WithEnvironment("FAIL_AT_START", "the key is too short"));

        var reason = await app.FailsBecause("service");

        Assert.StartsWith("service ended with exit code 134 (signal 6): Unhandled exception. System.InvalidOperationException: the key is too short", reason);
        Assert.DoesNotContain('\n', reason);
    }

    [Fact]
    public async Task WhatCrashesAgainAndAgainIsTriedAgainAndAgain()
    {
        using var scratch = new Scratch();
        var trace = scratch.At("trace");
        await using var app = await LocalApplication.Start(builder => builder.AddScript("crashing", $"echo started >> {trace}; exit 1"));

        await Eventually.Holds(() => File.Exists(trace) && File.ReadAllLines(trace).Length >= 4, "it is started four times");

        Assert.Equal("FailedToStart", await app.State("crashing", "FailedToStart"));
    }

    [Theory]
    [InlineData(1, 250)]
    [InlineData(2, 500)]
    [InlineData(3, 1_000)]
    [InlineData(6, 8_000)]
    [InlineData(8, 30_000)]
    [InlineData(1_000, 30_000)]
    public void TheWaitBeforeTheNextStartDoubles(int crashes, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Supervisor.Backoff(crashes));

    [Fact]
    public async Task APingThatFailsInAWayNobodyForesawIsAnAnswer()
    {
        var launch = new Launch("true", [], new Dictionary<string, string>(), "/") { Ping = _ => throw new DriveNotFoundException("the disk\nis gone") };

        Assert.Equal("the disk is gone", await Supervisor.Ask(launch, CancellationToken.None));
    }

    [Fact]
    public async Task ASickServiceIsSeenAndSoIsItsRecovery()
    {
        await using var app = await LocalApplication.Start(builder => builder.AddEchoService("service"));
        await app.Healthy("service");
        using var client = app.Client("service");

        await Answer(client, "/sicken", HttpMethod.Post);
        await Eventually.Holds(() => app.Written("service")["health"]!.GetValue<string>() == "Unhealthy", "the service is seen to be sick");
        Assert.Contains("answers 503 instead of 200: not well", app.Written("service")["reason"]!.GetValue<string>());

        await Answer(client, "/heal", HttpMethod.Post);
        await Eventually.Holds(() => app.Written("service")["health"]!.GetValue<string>() == "Healthy", "the service is healthy");
        Assert.Equal(0, app.Written("service")["restarts"]!.GetValue<int>());
    }

    [Fact]
    public async Task WhatACrashLeavesOfItsSessionIsEndedBeforeTheNextStart()
    {
        // As a server whose shell is killed: the process that holds the port goes on.
        await using var app = await LocalApplication.Start(builder => builder.AddScript("parent", "sleep 1000 & echo child $!; wait"));
        await app.Healthy("parent");
        await Eventually.Holds(() => app.Log("parent").Contains("child"), "the child says its number");
        var child = ProcessIdentity.Of(int.Parse(app.Log("parent").Split("child ")[1].Split('\n')[0]))!.Value;

        Signal.Send(app.Pid("parent"), Signal.Kill);

        await Eventually.Holds(() => !child.IsAlive, "the child is ended");
    }

    private static async Task<string?> Answer(HttpClient client, string path, HttpMethod? method = null)
    {
        try
        {
            using var answer = await client.SendAsync(new HttpRequestMessage(method ?? HttpMethod.Get, path));
            return answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadAsStringAsync() : null;
        }
        catch (HttpRequestException)
        {
            return null; // It is down: that is what the test is about.
        }
    }
}
