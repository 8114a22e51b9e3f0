using FitFlow.Hosting.Local.Processes;
using FitFlow.Hosting.Local.Running;

namespace FitFlow.Hosting.Tests.Running;

/// <summary>An AppHost as people use it: up, status, logs, down.</summary>
public sealed class UpTests
{
    [Fact]
    public async Task UpReturnsWhenEverythingServesAndDownLeavesNothing()
    {
        await using var host = new SmallHost();

        var up = await host.Up();

        Assert.Equal((0, ""), (up.ExitCode, up.Errors));
        Assert.Contains("FitFlow is up after", up.Output);
        var status = await host.Status();
        Assert.Equal(["first", "family", "once", "second"], status.Select(r => r!["name"]!.GetValue<string>()));
        Assert.Equal(["name", "type", "state", "health", "urls", "pid", "rss_mb", "restarts"], status[0]!.AsObject().Select(p => p.Key));
        Assert.Equal(("Project", "Running", "Healthy", 0), (status[0]!["type"]!.GetValue<string>(), status[0]!["state"]!.GetValue<string>(), status[0]!["health"]!.GetValue<string>(), status[0]!["restarts"]!.GetValue<int>()));
        Assert.InRange(status[0]!["rss_mb"]!.GetValue<int>(), 10, 1_000);
        Assert.Equal("Finished", status[2]!["state"]!.GetValue<string>());
        Assert.Contains(status[3]!["urls"]![0]!.GetValue<string>(), up.Output);
        Assert.StartsWith("ran once as ", (await host.Cli("logs", "once")).Output);

        var down = await host.Cli("down");

        Assert.Equal((0, "FitFlow is down."), (down.ExitCode, down.Output));
        Assert.Empty(host.Processes());
        Assert.Equal((3, "[]"), (await host.Cli("status", "--json")) is var after ? (after.ExitCode, after.Output) : default);
    }

    [Fact]
    public async Task UpTwiceSaysThatItIsUp()
    {
        await using var host = new SmallHost();
        await host.Up();
        var before = host.State;

        var again = await host.Up();
        var inFront = await Command.RunIn(host.Root, Programs.SmallAppHost);

        foreach (var second in new[] { again, inFront })
        {
            Assert.Equal((0, ""), (second.ExitCode, second.Errors));
            Assert.StartsWith($"FitFlow is up already (AppHost {before.AppHostPid}).", second.Output);
        }

        Assert.Equal(before.Sessions, host.State.Sessions);
    }

    [Fact]
    public async Task WhatFailsAfterTheStartIsSaidUntilItServesAgain()
    {
        await using var host = new SmallHost();
        var broken = Path.Combine(host.Root, "broken");
        Assert.Equal((0, ""), (await host.Up($"--BreaksBy={broken}")) is var up ? (up.ExitCode, up.Errors) : default);

        await File.WriteAllTextAsync(broken, "");
        Signal.Send(host.State.Resources.Single(r => r.Name == "fragile").Pid!.Value, Signal.Kill);
        await Eventually.Holds(() => host.State.Phase == Phase.Failed, "the failure is written down");

        const string reason = "fragile ended with exit code 4: it is broken";
        var status = await host.Cli("status");
        Assert.Equal((0, $"FitFlow is failed (AppHost {host.State.AppHostPid}). {reason}"), (status.ExitCode, status.Output.Split('\n')[0]));
        foreach (var again in new[] { await host.Up(), await Command.RunIn(host.Root, Programs.SmallAppHost) })
            Assert.Equal((1, $"fitflow: it is up already (AppHost {host.State.AppHostPid}), but not complete: {reason}"), (again.ExitCode, again.Errors));

        File.Delete(broken);
        await Eventually.Holds(() => host.State.Phase == Phase.Ready, "it serves again");
    }

    [Fact]
    public async Task TwoHomesAreUpAtOnceAndTheSecondTakesTheNextPort()
    {
        await using var one = new SmallHost();
        await using var other = new SmallHost();
        Assert.Equal((0, 0), ((await one.Up()).ExitCode, (await other.Up()).ExitCode));

        var (port, next) = (PortOf(one), PortOf(other));

        Assert.True(port < next);
        Assert.Contains($"second listens on {next} instead", (await other.Cli("logs", "apphost")).Output);
        await one.Cli("down");
        Assert.All((await other.Status()).Where(r => r!["name"]!.GetValue<string>() != "once"), r => Assert.Equal("Healthy", r!["health"]!.GetValue<string>()));

        static int PortOf(SmallHost host) => new Uri(host.State.Resources.Single(r => r.Name == "second").Urls[0]).Port;
    }

    [Fact]
    public async Task GeneratedSecretsAreTheSameInTheNextRun()
    {
        await using var host = new SmallHost();
        await host.Up();
        var secret = await Secret();
        Assert.Equal(22, secret.Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(host.Home.SecretsFile));
        await host.Cli("down");

        await host.Up();

        Assert.Equal(secret, await Secret());

        async Task<string> Secret()
        {
            using var client = new HttpClient();
            return await client.GetStringAsync($"{host.State.Resources.Single(r => r.Name == "first").Urls[0]}/variables/SECRET");
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    public async Task CtrlCAndSigTermStopItInOrder(int signal)
    {
        await using var host = new SmallHost();
        using var apphost = host.Foreground();
        while (await apphost.StandardOutput.ReadLineAsync() is { } line && !line.Contains("FitFlow is up")) { }
        Assert.NotEmpty(host.Processes());

        Signal.Send(apphost.Id, signal);
        await apphost.WaitForExitAsync();

        Assert.Equal((0, ""), (apphost.ExitCode, await apphost.StandardError.ReadToEndAsync()));
        Assert.Empty(host.Processes());
        Assert.False(File.Exists(host.Home.StateFile));
    }

    [Theory]
    [InlineData("up")]
    [InlineData("down")]
    public async Task WhatAKilledAppHostLeavesIsEndedAtTheNext(string verb)
    {
        await using var host = new SmallHost();
        await host.Up();
        var left = host.Processes();
        // Two services, a shell's sleep and its child in a session of its own.
        Assert.InRange(left.Count, 4, 10);

        Signal.Send(host.State.AppHostPid, Signal.Kill);
        await Eventually.Holds(() => !host.State.AppHost.IsAlive, "the AppHost is gone");
        Assert.Contains(left, process => process.IsAlive);
        Assert.Contains("has left processes behind", (await host.Cli("status")).Output);

        if (verb == "up") Assert.Equal((0, ""), (await host.Up()) is var up ? (up.ExitCode, up.Errors) : default);
        else Assert.Contains("ended", (await host.Cli("down")).Output);

        Assert.DoesNotContain(left, process => process.IsAlive);
    }

    [Fact]
    public async Task NobodyElsesProcessesAreTouched()
    {
        await using var host = new SmallHost();
        await using var other = new SmallHost();
        await Task.WhenAll(host.Up(), other.Up());
        var theirs = other.Processes();

        Signal.Send(host.State.AppHostPid, Signal.Kill);
        await host.Cli("down");

        Assert.All(theirs, process => Assert.True(process.IsAlive));
    }
}
